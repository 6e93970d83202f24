#include "engine/registry_header.h"

#include "engine/base64.h"
#include "engine/image_name.h"

#include <nlohmann/json.hpp>

namespace fresh::engine {
namespace {

using nlohmann::json;

json body_of(const RegistryAuth& auth) {
  if (!auth.identity_token.empty()) {
    return {{"identitytoken", auth.identity_token}, {"serveraddress", auth.server}};
  }
  return {{"username", auth.user}, {"password", auth.password}, {"serveraddress", auth.server}};
}

}  // namespace

std::string registry_auth(const std::optional<RegistryAuth>& auth, bool by_registry) {
  if (!auth) {
    // Docker refuses a push without any.
    return base64_url("{}");
  }
  const json body = body_of(*auth);
  return base64_url((by_registry ? json{{auth->server, body}} : body).dump());
}

std::string registry_config(const std::map<std::string, RegistryAuth>& all) {
  json config = json::object();
  for (const auto& [registry, auth] : all) {
    // Docker looks for its own registry under the name that it has had since the first version of the API.
    config[registry == docker_hub ? "https://index.docker.io/v1/" : registry] = body_of(auth);
  }
  return base64_url(config.dump());
}

}  // namespace fresh::engine
