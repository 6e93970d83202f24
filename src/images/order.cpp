#include "images/order.h"

#include "base/error.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace fresh::images {
namespace {

using ByName = std::map<std::string, const ImageSpec*>;

ByName by_name(const std::vector<ImageSpec>& specs) {
  ByName map;
  for (const ImageSpec& spec : specs) {
    map.emplace(spec.name, &spec);
  }
  return map;
}

/// Depth first: parents before children, and the path walked so far to name a cycle.
class Walk {
 public:
  explicit Walk(const std::vector<ImageSpec>& specs) : specs_(by_name(specs)) {}

  void visit(const ImageSpec& spec) {
    if (done_.contains(spec.name)) {
      return;
    }
    const auto begin = std::find(path_.begin(), path_.end(), spec.name);
    if (begin != path_.end()) {
      path_.push_back(spec.name);
      document::refuse(spec.place,
                       fmt::format("images need each other in a circle: {}",
                                   fmt::join(path_.begin() + (begin - path_.begin()), path_.end(), " -> ")),
                       "let one of them stand on a base");
    }
    path_.push_back(spec.name);
    for (const std::string& parent : parents_of(spec)) {
      if (const auto found = specs_.find(parent); found != specs_.end()) {
        visit(*found->second);
      }
    }
    path_.pop_back();
    done_.insert(spec.name);
    sorted.push_back(spec);
  }

  std::vector<ImageSpec> sorted;

 private:
  ByName specs_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
};

}  // namespace

std::vector<std::string> parents_of(const ImageSpec& spec) {
  const auto* build = std::get_if<BuildSource>(&spec.source);
  if (build == nullptr) {
    return {};
  }
  std::vector<std::string> parents{build->from};
  if (build->fetch) {
    parents.push_back(build->fetch->image);
  }
  return parents;
}

std::vector<ImageSpec> in_order(const std::vector<ImageSpec>& specs) {
  Walk walk(specs);
  for (const ImageSpec& spec : specs) {
    walk.visit(spec);
  }
  return walk.sorted;
}

std::vector<ImageSpec> needed_for(const std::vector<ImageSpec>& specs,
                                  const std::vector<std::string>& names) {
  if (names.empty()) {
    return specs;
  }
  const ByName known = by_name(specs);
  std::set<std::string> needed;
  std::vector<std::string> open = names;
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    const auto found = known.find(name);
    if (found == known.end()) {
      std::vector<std::string> candidates;
      for (const auto& [candidate, spec] : known) {
        candidates.push_back(candidate);
      }
      throw base::Error(base::ExitCode::usage, fmt::format("no image '{}' is declared", name),
                        document::nearest_hint(name, candidates, "list them: fresh-clone images list"));
    }
    if (needed.insert(name).second) {
      const auto parents = parents_of(*found->second);
      open.insert(open.end(), parents.begin(), parents.end());
    }
  }
  std::vector<ImageSpec> result;
  std::copy_if(specs.begin(), specs.end(), std::back_inserter(result),
               [&](const ImageSpec& spec) { return needed.contains(spec.name); });
  return result;
}

}  // namespace fresh::images
