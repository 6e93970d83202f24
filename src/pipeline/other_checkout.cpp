#include "pipeline/other_checkout.h"

#include "base/error.h"
#include "base/file.h"
#include "engine/labels.h"
#include "pipeline/compose_project.h"
#include "pipeline/project.h"
#include "state/run_lock.h"

#include <fmt/core.h>

#include <optional>
#include <set>

namespace fresh::pipeline {
namespace {

using std::filesystem::path;

path without_end(const path& folder) {
  const path normal = folder.lexically_normal();
  return normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path();
}

bool is_same(const path& a, const path& b) {
  std::error_code none;
  return without_end(a) == without_end(b) || std::filesystem::equivalent(a, b, none);
}

std::optional<state::LockHolder> holder_in(const path& state_folder, const Surroundings& surroundings) {
  if (is_same(state_folder, surroundings.state_folder())) {
    return std::nullopt;  // the lock is our own
  }
  try {
    return state::RunLock::holder(state_folder);
  } catch (const base::Error&) {
    // Another user's folder: what it says of itself is not for us.
    return std::nullopt;
  }
}

/// Who works on the project from that folder or, where it is a part of one, from the checkout above.
std::optional<state::LockHolder> working_from(const path& folder, const std::string& project,
                                              const Surroundings& surroundings) {
  for (path at = without_end(folder); !at.empty(); at = at.parent_path()) {
    if (has_project_file(at)) {
      return holder_in(Surroundings{.project_folder = at}.state_folder(), surroundings);
    }
    if (at == at.parent_path()) {
      break;
    }
  }
  return holder_in(state_of_compose_project(surroundings, project, without_end(folder)), surroundings);
}

}  // namespace

std::vector<std::string> other_folders(const std::vector<engine::Container>& containers, const path& own) {
  std::set<std::string> folders;
  for (const auto& container : containers) {
    const auto folder = engine::labels::value_of(container.labels, engine::labels::compose_working_dir);
    if (!folder.empty() && !folders.contains(folder) && !is_same(folder, own)) {
      folders.insert(folder);
    }
  }
  return {folders.begin(), folders.end()};
}

void mind_other_checkouts(const std::string& project, const path& own,
                          const std::vector<engine::Container>& containers, const Surroundings& surroundings,
                          EventBus& bus) {
  for (const auto& folder : other_folders(containers, own)) {
    if (const auto holder = working_from(folder, project, surroundings)) {
      throw base::Error(
          base::ExitCode::locked,
          fmt::format("'{}' works on the project '{}' from another folder, '{}': pid {} since {}",
                      holder->run, project, folder, holder->pid, holder->since),
          "wait for it to end, or give one of the two another name: -p NAME, or 'project' in "
          "fresh-clone.yaml");
    }
    const bool is_here = base::is_folder(folder);
    bus.warn(
        "stack",
        fmt::format("the project '{}' of this engine was brought up from another folder, '{}'{}; what is "
                    "done here changes that stack",
                    project, folder, is_here ? "" : ", which is not on this machine now"));
  }
}

}  // namespace fresh::pipeline
