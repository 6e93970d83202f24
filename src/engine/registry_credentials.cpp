#include "engine/registry_credentials.h"

#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "engine/base64.h"
#include "engine/budget.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <unistd.h>

namespace fresh::engine {
namespace {

using nlohmann::json;

constexpr const char* hub_key = "https://index.docker.io/v1/";
constexpr base::Milliseconds helper_deadline(30'000);

std::string variable(const CredentialRequest& request, const std::string& name) {
  const auto found = request.environment.find(name);
  return found == request.environment.end() ? std::string() : found->second;
}

/// A key of such a file as a host or a repository: old keys are addresses, `https://index.docker.io/v1/`.
std::string plain_key(std::string key) {
  bool is_address = false;
  for (const std::string scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) {
      key.erase(0, scheme.size());
      is_address = true;
    }
  }
  while (key.ends_with('/')) {
    key.pop_back();
  }
  const auto slash = key.find('/');
  const std::string rest = slash == std::string::npos ? "" : key.substr(slash + 1);
  if (is_address || rest == "v1" || rest == "v2") {
    key.erase(std::min(slash, key.size()));
  }
  return key == "index.docker.io" || key == "registry-1.docker.io" ? docker_hub : key;
}

/// The keys that fit an image, the most exact first.
std::vector<std::string> keys_for(const ImageName& image) {
  std::vector<std::string> keys;
  for (std::string key = image.repository(); !key.empty();) {
    keys.push_back(key);
    const auto slash = key.rfind('/');
    key.erase(slash == std::string::npos ? 0 : slash);
  }
  return keys;
}

/// The text of a member, or empty; of no other type.
std::string text_of(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// One file with its place for errors. What is in it is never shown.
class File {
 public:
  File(std::string path, const std::string& text) : path_(std::move(path)) {
    try {
      content_ = json::parse(text);
    } catch (const json::parse_error& error) {
      const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
      throw broken(fmt::format("line {} is no JSON", std::count(text.begin(), end, '\n') + 1));
    }
    for (const char* key : {"auths", "credHelpers"}) {
      if (!content_.is_object() || (content_.contains(key) && !content_[key].is_object())) {
        throw broken(content_.is_object() ? fmt::format("'{}' is no map", key)
                                          : std::string("it is no JSON object"));
      }
    }
  }

  std::optional<RegistryAuth> find(const std::string& wanted, const std::string& server,
                                   const CredentialRequest& request, const Call& call) const {
    if (const auto helper = entry("credHelpers", wanted); helper && helper->is_string()) {
      return ask(helper->get<std::string>(), server, request, call);
    }
    if (const auto store = text_of(content_, "credsStore");
        !store.empty() && wanted.find('/') == std::string::npos) {
      if (auto auth = ask(store, server, request, call)) {
        return auth;
      }
    }
    const auto found = entry("auths", wanted);
    return found ? written(wanted, *found, server) : std::nullopt;
  }

 private:
  base::Error broken(const std::string& what) const {
    return {base::ExitCode::precheck,
            fmt::format("the credentials of registries in '{}' cannot be read: {}", path_, what),
            fmt::format("mend '{}', or move it away and log in anew", path_)};
  }

  /// The member whose key means `wanted`: literally, else as an address.
  std::optional<json> entry(const char* map, const std::string& wanted) const {
    const auto members = content_.find(map);
    if (members == content_.end()) {
      return std::nullopt;
    }
    if (const auto literal = members->find(wanted); literal != members->end()) {
      return *literal;
    }
    for (const auto& [key, value] : members->items()) {
      if (plain_key(key) == wanted) {
        return value;
      }
    }
    return std::nullopt;
  }

  /// An entry that holds the credentials itself; an empty one only says that a store has them.
  std::optional<RegistryAuth> written(const std::string& key, const json& entry,
                                      const std::string& server) const {
    RegistryAuth auth{.user = text_of(entry, "username"),
                      .password = text_of(entry, "password"),
                      .server = server,
                      .identity_token = text_of(entry, "identitytoken")};
    if (const auto encoded = text_of(entry, "auth"); !encoded.empty()) {
      const auto decoded = base64_decoded(encoded);
      const auto colon = decoded.find(':');
      const auto letters = encoded.find_last_not_of('=') + 1;
      if (colon == std::string::npos || colon == 0 || decoded.size() != letters * 3 / 4) {
        throw broken(fmt::format("'auth' of '{}' is not the base64 form of 'user:password'", key));
      }
      auth.user = decoded.substr(0, colon);
      auth.password = decoded.substr(colon + 1);
      auth.password.erase(auth.password.find_last_not_of('\0') + 1);
    }
    const bool is_empty = auth.identity_token.empty() && (auth.user.empty() || auth.password.empty());
    return is_empty ? std::nullopt : std::optional(auth);
  }

  std::optional<RegistryAuth> ask(const std::string& name, const std::string& server,
                                  const CredentialRequest& request, const Call& call) const {
    const std::string program = "docker-credential-" + name;
    const std::string key = server == docker_hub ? hub_key : server;
    const auto fail = [&](const std::string& what) {
      return base::Error(base::ExitCode::precheck,
                         fmt::format("'{}' leaves the credentials of '{}' to the program '{}', which {}",
                                     path_, server, program, what),
                         fmt::format("try it: echo {} | {} get, or take it out of '{}' and log in anew", key,
                                     program, path_));
    };
    if (name.find('/') != std::string::npos) {
      throw broken(fmt::format("'{}' is no name of a credential helper", name));
    }
    const auto answer = request.ask_helper ? request.ask_helper(program, key, call) : std::nullopt;
    if (!answer) {
      throw fail("is not installed");
    }
    if (answer->timed_out) {
      throw fail("did not answer in time");
    }
    if (answer->exit_code != 0) {
      if (answer->out.find("credentials not found") != std::string::npos) {
        return std::nullopt;
      }
      throw fail(fmt::format("failed with exit status {}", answer->exit_code));
    }
    const auto said = json::parse(answer->out, nullptr, false);
    const auto user = text_of(said, "Username");
    const auto secret = text_of(said, "Secret");
    if (user.empty() || secret.empty()) {
      throw fail("gave no 'Username' and 'Secret'");
    }
    if (user == "<token>") {
      return RegistryAuth{.server = server, .identity_token = secret};
    }
    return RegistryAuth{.user = user, .password = secret, .server = server};
  }

  std::string path_;
  json content_;
};

std::optional<HelperAnswer> run_helper(const std::string& program, const std::string& server,
                                       const Call& call) {
  if (!base::find_program(program)) {
    return std::nullopt;
  }
  const auto result =
      base::run_command({.argv = {program, "get"},
                         .deadline = std::min<base::Milliseconds>(helper_deadline, call.deadline),
                         .input = server + "\n"},
                        call.stop);
  return HelperAnswer{.exit_code = result.exit_code, .timed_out = result.timed_out, .out = result.out};
}

}  // namespace

CredentialRequest credential_request_of_process(std::map<std::string, std::string> environment) {
  return {.environment = std::move(environment),
          .uid = ::getuid(),
          .read_file =
              [](const std::string& path) { return base::read_file_if_exists(path, std::size_t{1} << 20U); },
          .ask_helper = run_helper};
}

std::vector<CredentialFile> credential_files(const CredentialRequest& request, Flavor flavor) {
  const auto home = variable(request, "HOME");
  std::vector<CredentialFile> podman;
  if (const auto named = variable(request, "REGISTRY_AUTH_FILE"); !named.empty()) {
    podman.push_back({named, true});
  } else {
    const auto runtime = variable(request, "XDG_RUNTIME_DIR");
    podman.push_back({runtime.empty() ? fmt::format("/run/containers/{}/auth.json", request.uid)
                                      : runtime + "/containers/auth.json"});
    const auto config = variable(request, "XDG_CONFIG_HOME");
    if (!config.empty() || !home.empty()) {
      podman.push_back({(config.empty() ? home + "/.config" : config) + "/containers/auth.json"});
    }
  }
  std::vector<CredentialFile> docker;
  const auto folder = variable(request, "DOCKER_CONFIG");
  if (!folder.empty() || !home.empty()) {
    docker.push_back({(folder.empty() ? home + "/.docker" : folder) + "/config.json"});
  }
  if (flavor == Flavor::podman && podman.front().must_exist) {
    return podman;
  }
  auto& files = flavor == Flavor::podman ? podman : docker;
  for (auto& other : flavor == Flavor::podman ? docker : podman) {
    other.is_others = !other.must_exist;
    files.push_back(other);
  }
  return files;
}

RegistryCredentials::RegistryCredentials(CredentialRequest request, Flavor flavor)
    : request_(std::move(request)), flavor_(flavor), files_(credential_files(request_, flavor)) {}

std::optional<RegistryAuth> RegistryCredentials::find_in(const CredentialFile& file, const ImageName& image,
                                                         const Call& call) const {
  const auto text = request_.read_file ? request_.read_file(file.path) : std::nullopt;
  if (!text && file.must_exist) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("REGISTRY_AUTH_FILE names '{}', which does not exist", file.path),
                      "log in, which makes it, or unset the variable");
  }
  if (!text || text->empty()) {
    return std::nullopt;
  }
  const File content(file.path, *text);
  for (const auto& key : keys_for(image)) {
    if (auto auth = content.find(key, image.registry, request_, call)) {
      return auth;
    }
  }
  return std::nullopt;
}

FoundCredentials RegistryCredentials::find(const std::string& reference, const Call& call) const {
  const auto image = image_name(reference);
  const Budget budget(call);
  FoundCredentials found;
  for (const auto& one : files_) {
    try {
      if ((found.auth = find_in(one, image, budget.left()))) {
        found.passed_over.reset();
        break;
      }
    } catch (const base::Interrupted&) {
      throw;
    } catch (const base::Error& error) {
      if (!one.is_others) {
        throw;
      }
      if (!found.passed_over) {
        found.passed_over = error;
      }
    }
  }
  return found;
}

std::string RegistryCredentials::remedy(const std::string& reference, const FoundCredentials& found) const {
  const auto registry = image_name(reference).registry;
  std::vector<std::string> paths;
  for (const auto& file : files_) {
    paths.push_back(fmt::format("'{}'", file.path));
  }
  const std::string login =
      fmt::format("{} login {}", flavor_ == Flavor::podman ? "podman" : "docker", registry);
  if (found.auth) {
    return fmt::format("'{}' does not take the credentials from {}: log in anew: {}", registry,
                       fmt::join(paths, " or "), login);
  }
  if (found.passed_over) {
    return fmt::format("{}: {}; or log in: {}", found.passed_over->message(), found.passed_over->hint(),
                       login);
  }
  return fmt::format("there are no credentials for '{}' in {}: log in: {}", registry,
                     fmt::join(paths, " nor "), login);
}

}  // namespace fresh::engine
