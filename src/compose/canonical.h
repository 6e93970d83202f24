#pragma once

#include "document/node.h"

#include <filesystem>
#include <string>

namespace fresh::compose {

/// Brings a merged file into the long form: lists of names become maps, short ports, volumes,
/// devices, secrets and the like maps of their own, one entry a port. A second pass changes nothing. Refuses
/// what has no long form, with the place; `lenient` (variables are not replaced yet) leaves it as it is.
void make_canonical(document::Node& root, bool lenient = false);

/// Adds what the specification gives to keys that are not written: build context, targets of secrets,
/// protocol and mode of ports, count of devices.
void set_defaults(document::Node& root);

/// Refuses resources that say nothing or too much: a secret without a source, a volume that is external and
/// has a driver, a device request by count and by id.
void check_resources(const document::Node& root);

/// What relative paths and `~` stand for.
struct PathBase {
  std::filesystem::path working_folder;
  std::string home;  ///< empty: `~` stays
};

/// Makes the paths of a canonical tree absolute: build contexts, env files, binds, files of secrets and
/// configs.
void resolve_paths(document::Node& root, const PathBase& base);

/// `folder` as `seen_from` names it. Paths of a file that is extended or included are resolved against it,
/// and once more with the ones of the file that names it: till then both are compared as they are written.
std::filesystem::path relative_folder(const std::filesystem::path& folder,
                                      const std::filesystem::path& seen_from);

/// One path against the base, cleaned when it was relative.
std::string absolute_path(const std::string& path, const PathBase& base);

}  // namespace fresh::compose
