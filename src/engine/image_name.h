#pragma once

#include <string>

namespace fresh::engine {

/// Docker's registry, which names without a host mean.
inline constexpr const char* docker_hub = "docker.io";

/// What an image's name says of where it is kept, without tag and digest.
struct ImageName {
  std::string registry;         ///< `registry.example:5000`; `docker.io` where the name has no host
  std::string path;             ///< `team/tool`; `library/debian` for Docker's own
  bool names_registry = false;  ///< false: the engine decides where it looks

  /// `registry.example:5000/team/tool`.
  std::string repository() const { return registry + "/" + path; }
};

/// Takes a reference apart as both engines do: its first part is a host when it has a dot or a colon or is
/// `localhost` (distribution/reference).
ImageName image_name(const std::string& reference);

}  // namespace fresh::engine
