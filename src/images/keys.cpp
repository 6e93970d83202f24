#include "images/keys.h"

#include "base/file.h"
#include "base/sha256.h"
#include "source/build_context.h"

namespace fresh::images {
namespace {

/// Part of every key: raise them when images are made in another way from the same inputs.
constexpr std::string_view base_rules = "fresh-clone base image 1";
constexpr std::string_view pulled_rules = "fresh-clone pulled image 1";
constexpr std::string_view build_rules = "fresh-clone build 1";

}  // namespace

std::string base_key(const BaseSystem& system) {
  return base::Sha256().field(base_rules).field(system.root).hex();
}

std::string pulled_key(const std::string& image_id) {
  return base::Sha256().field(pulled_rules).field(image_id).hex();
}

std::string lock_in_folder(const BuildSource& build) {
  const auto path = std::filesystem::path(build.lock).lexically_relative(build.folder);
  return build.lock.empty() || path.empty() || *path.begin() == ".." ? "" : path.generic_string();
}

std::string lock_text(const std::filesystem::path& project_folder, const std::string& lock) {
  return lock.empty() ? "" : base::read_file_if_exists(project_folder / lock).value_or("");
}

std::string build_key(const BuildSource& build, const std::filesystem::path& project_folder,
                      std::string_view lock, std::string_view parent_key) {
  base::Sha256 key;
  key.field(build_rules)
      .field(parent_key)
      .field(lock)
      .field(build.dockerfile)
      .field(source::build_context_digest(
          {.folder = project_folder / build.folder, .leave_out = {lock_in_folder(build)}}));
  for (const auto& [name, value] : build.arguments) {
    key.field(name).field(value);
  }
  return key.hex();
}

}  // namespace fresh::images
