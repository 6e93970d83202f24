#include "compose/check.h"

#include "base/error.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace fresh::compose {
namespace {

document::Place place_in(const Service& service, std::initializer_list<std::string_view> keys) {
  const document::Node* node = &service.canonical;
  for (const auto key : keys) {
    const document::Node* next = node->find(key);
    if (next == nullptr) {
      break;
    }
    node = next;
  }
  return node->place;
}

void check_mounts(const Service& service) {
  std::set<std::string> targets;
  for (const auto& mount : service.mounts) {
    if (!mount.target.starts_with('/')) {
      document::refuse(
          place_in(service, {"volumes"}),
          fmt::format("service '{}': '{}' is no absolute path in the container", service.name, mount.target),
          "write source:/target; a source of one letter is taken for a drive, give it a longer name");
    }
    if (!targets.insert(mount.target).second) {
      document::refuse(place_in(service, {"volumes"}),
                       fmt::format("service '{}' mounts two things on '{}'", service.name, mount.target),
                       "keep one of the two, or mount it elsewhere");
    }
  }
}

struct Walk {
  const Project& project;
  std::vector<std::string> open = {};
  std::vector<std::string> done = {};

  void visit(const std::string& name) {
    if (std::find(done.begin(), done.end(), name) != done.end()) {
      return;
    }
    const auto cycle = std::find(open.begin(), open.end(), name);
    const Service& service = project.services.at(name);
    if (cycle != open.end()) {
      std::vector<std::string> names(cycle, open.end());
      names.push_back(name);
      document::refuse(place_in(service, {"depends_on"}),
                       fmt::format("the dependencies go in a circle: {}", fmt::join(names, " -> ")),
                       "remove one of these dependencies");
    }
    open.push_back(name);
    for (const auto& dependency : service.depends_on) {
      if (project.services.contains(dependency.first)) {
        visit(dependency.first);
      }
    }
    open.pop_back();
    done.push_back(name);
  }
};

}  // namespace

std::vector<std::string> in_order(const Project& project) {
  Walk walk{.project = project};
  for (const auto& entry : project.services) {
    walk.visit(entry.first);
  }
  return std::move(walk.done);
}

bool is_meant(const std::vector<std::string>& services, const std::string& name) {
  return services.empty() || std::find(services.begin(), services.end(), name) != services.end();
}

void check(const Project& project) {
  std::map<std::string, std::string> container_names;
  for (const auto& [name, service] : project.services) {
    check_mounts(service);
    if (!service.container_name.empty()) {
      const auto [other, is_new] = container_names.emplace(service.container_name, name);
      if (!is_new) {
        document::refuse(
            place_in(service, {"container_name"}),
            fmt::format("services '{}' and '{}' have the same container_name", other->second, name),
            "rename one of the two, or leave container_name out");
      }
    }
  }
  in_order(project);
}

void refuse_gpu(const Service& service) {
  if (service.gpu) {
    throw base::Error(base::ExitCode::precheck,
                      fmt::format("{}: service '{}' asks for a GPU, and fresh-clone gives containers none",
                                  service.gpu->text(), service.name),
                      "take the reservation out, for instance by '!reset' in an override file");
  }
}

}  // namespace fresh::compose
