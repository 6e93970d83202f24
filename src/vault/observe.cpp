#include "vault/observe.h"

#include "base/doing.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::vault {
namespace {

using nlohmann::json;

constexpr int not_found = 404;
constexpr int forbidden = 403;

/// The `data` of an answer; an empty object for what has none.
json data_of(const std::string& body) {
  const json value = json::parse(body, nullptr, false);
  return value.is_object() && value.contains("data") && value.at("data").is_object() ? value.at("data")
                                                                                     : json::object();
}

std::string text(const json& object, const char* key) {
  return object.contains(key) && object.at(key).is_string() ? object.at(key).get<std::string>()
                                                            : std::string();
}

std::int64_t whole(const json& object, const char* key) {
  return object.contains(key) && object.at(key).is_number_integer() ? object.at(key).get<std::int64_t>() : 0;
}

std::set<std::string> texts(const json& object, const char* key) {
  std::set<std::string> result;
  if (object.contains(key) && object.at(key).is_array()) {
    for (const auto& one : object.at(key)) {
      result.insert(one.is_string() ? one.get<std::string>() : one.dump());
    }
  }
  return result;
}

std::optional<Observed::Mount> observe_mount(const json& mounts, const std::string& path) {
  const auto found = mounts.find(path + "/");
  if (found == mounts.end() || !found->is_object()) {
    return std::nullopt;
  }
  const json options = found->value("options", json());
  return Observed::Mount{.type = text(*found, "type"),
                         .version = options.is_object() ? text(options, "version") : std::string()};
}

std::map<std::string, std::string> observe_secret(const json& data) {
  std::map<std::string, std::string> values;
  const json inner = data.value("data", json());
  if (inner.is_object()) {
    for (const auto& [key, value] : inner.items()) {
      values[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  return values;
}

std::optional<Observed::Role> observe_role(Client& client, const std::string& name,
                                           const Declared::Role& wanted, const engine::Call& call) {
  const std::string path = "auth/approle/role/" + name;
  const auto role = client.read(path, call);
  if (!role) {
    return std::nullopt;
  }
  Observed::Role result{.role_id = {}, .policies = texts(data_of(*role), "token_policies"), .accessors = {}};
  if (const auto id = client.read(path + "/role-id", call)) {
    result.role_id = text(data_of(*id), "role_id");
  }
  if (const auto list = client.read(path + "/secret-id?list=true", call)) {
    for (const auto& accessor : texts(data_of(*list), "keys")) {
      result.accessors.push_back(accessor);
    }
  }
  try {
    const auto found =
        client.write(path + "/secret-id/lookup", json{{"secret_id", wanted.secret_id}}.dump(), call);
    if (const auto accessor = text(data_of(found.body), "secret_id_accessor"); !accessor.empty()) {
      result.accessor = accessor;
    }
  } catch (const Refusal& refusal) {
    if (refusal.status() != not_found) {
      throw;
    }
  }
  return result;
}

std::optional<Observed::Ticket> observe_token(Client& client, const Declared::Ticket& wanted,
                                              const engine::Call& call) {
  try {
    const auto found = client.write("auth/token/lookup", json{{"token", wanted.id}}.dump(), call);
    const json data = data_of(found.body);
    return Observed::Ticket{
        .policies = texts(data, "policies"), .ttl = whole(data, "ttl"), .period = whole(data, "period")};
  } catch (const Refusal& refusal) {
    // A token that is not there is answered like one that may not be asked for: `bad token`.
    if (refusal.status() != forbidden && refusal.status() != not_found) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace

Declared declared(const VaultSpec& spec, const std::map<std::string, std::string>& values) {
  Declared result{
      .mount = spec.mount, .policies = spec.policies, .secrets = {}, .approles = {}, .tokens = {}};
  for (const auto& [path, keys] : spec.secrets) {
    for (const auto& [key, credential] : keys) {
      result.secrets[path][key] = values.at(credential);
    }
  }
  for (const auto& [name, role] : spec.approles) {
    result.approles[name] = {.role_id = values.at(role.role_id),
                             .secret_id = values.at(role.secret_id),
                             .policies = role.policies};
  }
  for (const auto& [name, token] : spec.tokens) {
    result.tokens[name] = {.id = values.at(token.credential), .policies = token.policies};
  }
  return result;
}

Observed observe(Client& client, const Declared& declared, const engine::Call& call) {
  const base::Doing doing("looking at what the vault holds");
  Observed observed;
  const auto mounts = client.read("sys/mounts", call);
  observed.mount = observe_mount(data_of(mounts.value_or("")), declared.mount);
  const auto logins = client.read("sys/auth", call);
  observed.has_approle = data_of(logins.value_or("")).contains("approle/");
  for (const auto& [name, wanted] : declared.policies) {
    if (const auto found = client.read("sys/policies/acl/" + name, call)) {
      observed.policies[name] = text(data_of(*found), "policy");
    }
  }
  if (observed.mount) {
    for (const auto& [path, wanted] : declared.secrets) {
      if (const auto found = client.read(fmt::format("{}/data/{}", declared.mount, path), call)) {
        observed.secrets[path] = observe_secret(data_of(*found));
      }
    }
  }
  if (observed.has_approle) {
    for (const auto& [name, wanted] : declared.approles) {
      if (auto role = observe_role(client, name, wanted, call)) {
        observed.approles[name] = *std::move(role);
      }
    }
  }
  for (const auto& [name, wanted] : declared.tokens) {
    if (auto token = observe_token(client, wanted, call)) {
      observed.tokens[name] = *std::move(token);
    }
  }
  return observed;
}

}  // namespace fresh::vault
