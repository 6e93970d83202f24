#include "vault/client.h"

#include "base/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace fresh::vault {
namespace {

using nlohmann::json;

/// Neither 429 nor 501 nor 503: what the status would say stands in the answer too.
constexpr const char* health_path = "sys/health?standbyok=true&uninitcode=200&sealedcode=200";
constexpr int not_found = 404;
constexpr int forbidden = 403;
constexpr std::size_t longest_shown = 300;

/// The answer as JSON; null for what is none.
json parsed(const std::string& body) {
  auto value = json::parse(body, nullptr, false);
  return value.is_discarded() ? json() : value;
}

template <typename T>
T field(const json& object, const char* key, T fallback) {
  if (!object.is_object() || !object.contains(key)) {
    return fallback;
  }
  const json& value = object.at(key);
  if constexpr (std::is_same_v<T, bool>) {
    return value.is_boolean() ? value.get<bool>() : fallback;
  } else if constexpr (std::is_same_v<T, int>) {
    return value.is_number_integer() ? value.get<int>() : fallback;
  } else {
    return value.is_string() ? value.get<std::string>() : fallback;
  }
}

/// The Vault's own words, `errors` of its JSON.
std::string words(const Reply& reply) {
  std::vector<std::string> errors;
  const json body = parsed(reply.body);
  if (body.is_object() && body.contains("errors") && body.at("errors").is_array()) {
    for (const auto& one : body.at("errors")) {
      if (one.is_string()) {
        errors.push_back(one.get<std::string>());
      }
    }
  }
  const auto text = fmt::format("{}", fmt::join(errors, "; "));
  return text.empty() ? fmt::format("HTTP {}", reply.status) : text.substr(0, longest_shown);
}

std::string without_query(const std::string& path) {
  return path.substr(0, path.find('?'));
}

SealStatus seal_status_of(const Reply& reply) {
  const json body = parsed(reply.body);
  if (!body.is_object() || !body.contains("sealed")) {
    throw base::Error(base::ExitCode::contract, "the vault's answer does not say whether it is sealed");
  }
  return {.sealed = field(body, "sealed", true),
          .threshold = field(body, "t", 0),
          .shares = field(body, "n", 0),
          .progress = field(body, "progress", 0)};
}

}  // namespace

Client::Client(const VaultSpec& spec) : address_(spec.address), http_(spec.endpoint, "vault") {}

Reply Client::ask(const std::string& method, const std::string& path, const std::string& body,
                  const engine::Call& call) {
  engine::Request request{.method = method, .target = "/v1/" + path, .body = body};
  request.headers["X-Vault-Request"] = "true";
  if (!token_.empty()) {
    request.headers["X-Vault-Token"] = token_;
  }
  request.may_retry = false;
  try {
    auto answer = http_.perform(request, call);
    return {.status = answer.status, .body = std::move(answer.body)};
  } catch (const engine::EngineError& error) {
    throw base::Error(base::ExitCode::contract, error.message(), error.hint());
  }
}

std::optional<Health> Client::health(const engine::Call& call, std::string& why) {
  engine::Request request{.method = "GET", .target = std::string("/v1/") + health_path};
  request.may_retry = false;
  try {
    const auto answer = http_.perform(request, call);
    const json body = parsed(answer.body);
    if (!body.is_object() || !body.contains("initialized") || !body.contains("sealed")) {
      why = fmt::format("what answers at '{}' is no vault: HTTP {}", address_, answer.status);
      return std::nullopt;
    }
    return Health{.initialized = field(body, "initialized", false),
                  .sealed = field(body, "sealed", true),
                  .standby = field(body, "standby", false),
                  .version = field(body, "version", std::string())};
  } catch (const engine::EngineError& error) {
    if (error.fault() == engine::Fault::untrusted) {
      throw base::Error(base::ExitCode::contract, error.message(),
                        "set 'vault.tls.ca' in fresh-clone.yaml to the certificate of the authority, and "
                        "'vault.tls.server_name' to the name in the certificate");
    }
    why = error.message();
    return std::nullopt;
  }
}

SealStatus Client::seal_status(const engine::Call& call) {
  const Reply reply = ask("GET", "sys/seal-status", "", call);
  if (reply.status != 200) {
    throw Refusal(reply.status, fmt::format("the vault does not tell its seal status: {}", words(reply)), "");
  }
  return seal_status_of(reply);
}

Initialised Client::initialise(int shares, int threshold, std::chrono::milliseconds deadline) {
  const json wanted{{"secret_shares", shares}, {"secret_threshold", threshold}};
  const Reply reply = ask("PUT", "sys/init", wanted.dump(), {.deadline = deadline, .stop = {}});
  if (reply.status != 200) {
    throw Refusal(reply.status, fmt::format("the vault cannot be initialised: {}", words(reply)),
                  "read the service's log");
  }
  const json body = parsed(reply.body);
  Initialised made{.keys = {}, .root_token = field(body, "root_token", std::string())};
  if (body.is_object() && body.contains("keys") && body.at("keys").is_array()) {
    for (const auto& key : body.at("keys")) {
      made.keys.push_back(key.is_string() ? key.get<std::string>() : std::string());
    }
  }
  if (made.root_token.empty() || made.keys.size() != static_cast<std::size_t>(shares)) {
    throw base::Error(base::ExitCode::contract,
                      fmt::format("the vault was initialised and answered with {} keys, expected {}",
                                  made.keys.size(), shares),
                      "its keys are lost: remove its data with 'fresh-clone down -v' and start again");
  }
  return made;
}

SealStatus Client::unseal(const std::string& key, const engine::Call& call) {
  const Reply reply = ask("PUT", "sys/unseal", json{{"key", key}}.dump(), call);
  if (reply.status != 200) {
    throw Refusal(reply.status, fmt::format("the vault does not take the key: {}", words(reply)), "");
  }
  return seal_status_of(reply);
}

void Client::forget_progress(const engine::Call& call) {
  ask("PUT", "sys/unseal", json{{"reset", true}}.dump(), call);
}

std::optional<std::string> Client::read(const std::string& path, const engine::Call& call) {
  Reply reply = ask("GET", path, "", call);
  if (reply.status == not_found) {
    return std::nullopt;
  }
  if (reply.status != 200) {
    throw Refusal(reply.status,
                  fmt::format("the vault refused to read '{}': {}", without_query(path), words(reply)),
                  reply.status == forbidden
                      ? "the token in the key file may not do this: put the vault's own key file back"
                      : "read the service's log");
  }
  return std::move(reply.body);
}

Reply Client::write(const std::string& path, const std::string& body, const engine::Call& call) {
  Reply reply = ask("POST", path, body, call);
  if (reply.status < 200 || reply.status >= 300) {
    throw Refusal(reply.status, fmt::format("the vault refused to write '{}': {}", path, words(reply)),
                  reply.status == forbidden
                      ? "the token in the key file may not do this: put the vault's own key file back"
                      : "mend 'vault' in fresh-clone.yaml, or read the service's log");
  }
  return reply;
}

}  // namespace fresh::vault
