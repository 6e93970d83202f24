#include "pipeline/vault_stack.h"

#include "engine/labels.h"
#include "source/git.h"

#include <fmt/core.h>

#include <algorithm>
#include <variant>

namespace fresh::pipeline {
namespace {

/// A mount as plan_down would name what it removes; empty for what holds nothing beyond the container.
std::string holder_of(const compose::Project& stack, const engine::Mount& mount) {
  if (mount.read_only || mount.source.empty() || mount.type == engine::MountType::tmpfs) {
    return {};
  }
  if (mount.type == engine::MountType::bind) {
    return "folder:" + mount.source;
  }
  const auto volume = stack.volumes.find(mount.source);
  return "volume:" + (volume == stack.volumes.end() ? mount.source : volume->second.name);
}

}  // namespace

vault::KeyFile key_file_of(const ProjectSpec& project, const Surroundings& surroundings) {
  return {project.folder / project.vault->keys, surroundings.state_folder()};
}

environment::Check check_key_file(const ProjectSpec& project) {
  const std::string name = project.vault->keys.generic_string();
  const bool ignored = source::is_ignored(project.folder, project.folder / project.vault->keys);
  return {
      "ignored:" + name, ignored,
      ignored ? "git ignores it" : "git would take the vault's keys into a commit", "git ignores it",
      fmt::format("add the line '/{0}' to .gitignore; where git has the file already: git rm --cached '{0}'",
                  name)};
}

std::vector<std::string> data_holders(const compose::Project& stack, const std::string& service) {
  std::vector<std::string> holders;
  if (const auto found = stack.services.find(service); found != stack.services.end()) {
    for (const auto& mount : found->second.mounts) {
      if (auto holder = holder_of(stack, mount); !holder.empty()) {
        holders.push_back(std::move(holder));
      }
    }
  }
  if (holders.empty()) {
    holders.push_back(fmt::format("service:{}:1", service));
  }
  std::sort(holders.begin(), holders.end());
  return holders;
}

std::optional<std::string> remove_keys_of_removed(const ProjectSpec& project,
                                                  const Surroundings& surroundings,
                                                  const std::string& engine_uri,
                                                  const std::vector<std::string>& removed) {
  if (!project.vault) {
    return std::nullopt;
  }
  const auto file = key_file_of(project, surroundings);
  const auto keys = file.read_if_whole();
  const bool gone =
      keys && keys->home.engine == engine_uri && !keys->home.holders.empty() &&
      std::all_of(keys->home.holders.begin(), keys->home.holders.end(), [&](const auto& holder) {
        return std::find(removed.begin(), removed.end(), holder) != removed.end();
      });
  if (!gone) {
    return std::nullopt;
  }
  file.remove();
  return "file:" + project.vault->keys.generic_string();
}

bool starts(const compose::Plan& plan, const std::string& service) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
    return step.service == service && std::holds_alternative<compose::Start>(step.request);
  });
}

bool concerns(const compose::Plan& plan, const std::string& service) {
  return std::any_of(plan.steps.begin(), plan.steps.end(),
                     [&](const auto& step) { return step.service == service; });
}

bool runs(const compose::Observed& observed, const std::string& service) {
  return std::any_of(observed.containers.begin(), observed.containers.end(), [&](const auto& container) {
    return engine::labels::value_of(container.labels, engine::labels::compose_service) == service &&
           container.state == "running";
  });
}

}  // namespace fresh::pipeline
