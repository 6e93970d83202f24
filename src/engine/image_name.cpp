#include "engine/image_name.h"

namespace fresh::engine {

ImageName image_name(const std::string& reference) {
  std::string name = reference.substr(0, reference.find('@'));
  if (const auto colon = name.rfind(':');
      colon != std::string::npos && name.find('/', colon) == std::string::npos) {
    name.erase(colon);
  }
  const auto slash = name.find('/');
  const std::string first = name.substr(0, slash);
  if (slash == std::string::npos ||
      (first.find_first_of(".:") == std::string::npos && first != "localhost")) {
    return {.registry = docker_hub, .path = slash == std::string::npos ? "library/" + name : name};
  }
  const bool is_hub = first == "index.docker.io" || first == docker_hub;
  std::string path = name.substr(slash + 1);
  if (is_hub && path.find('/') == std::string::npos) {
    path = "library/" + path;
  }
  return {.registry = is_hub ? docker_hub : first, .path = std::move(path), .names_registry = true};
}

}  // namespace fresh::engine
