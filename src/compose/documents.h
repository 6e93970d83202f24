#pragma once

#include "document/node.h"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace fresh::compose {

/// The documents of compose files as they are written, each file parsed once: a command looks for the
/// project's name first, and some load it with several sets of profiles. Safe from several threads.
class Documents {
 public:
  /// The file's documents, from `parse` when nobody asked for them before.
  const std::vector<document::Node>& of(const std::filesystem::path& file,
                                        const std::function<std::vector<document::Node>()>& parse) {
    const std::scoped_lock lock(mutex_);
    const auto known = parsed_.find(file);
    return known != parsed_.end() ? known->second : parsed_.emplace(file, parse()).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::filesystem::path, std::vector<document::Node>> parsed_;
};

}  // namespace fresh::compose
