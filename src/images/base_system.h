#pragma once

#include "images/cache.h"
#include "images/packages_lock.h"
#include "images/spec.h"

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::images {

/// A root file system of Debian packages, in the cache.
struct BaseSystem {
  std::string root;  ///< sha256 of the tar archive
  std::vector<Package> packages;
};

/// Identity of what is asked for: suite, variant, packages, architecture, and the rules of this program.
std::string base_digest(const BaseSource& base, const std::string& architecture);

/// The cached system for this base: the one that was made under this very lock, else one whose packages are
/// exactly those of the lock. `lock` is the text of the packages lock, empty for none.
std::optional<BaseSystem> find_base_system(const BaseSource& base, const std::string& architecture,
                                           const std::string& lock, const std::string& lock_name,
                                           const InputCache& cache);

/// Makes the system with mmdebstrap from what the mirror has now, and caches it under this lock. Packages of
/// equal versions give equal bytes. Throws Error (deploy) with the tail of its output, or (precheck) when
/// there is no mmdebstrap.
BaseSystem make_base_system(const BaseSource& base, const std::string& architecture, const std::string& lock,
                            const InputCache& cache,
                            const std::function<void(std::string_view line)>& on_line,
                            const std::stop_token& stop);

/// Keeps a system as the one that was made under `lock`.
void note_base_system(const BaseSource& base, const std::string& architecture, const std::string& lock,
                      const BaseSystem& system, const InputCache& cache);

}  // namespace fresh::images
