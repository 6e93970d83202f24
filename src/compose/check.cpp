#include "compose/check.h"

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

template <typename Map>
std::vector<std::string> names(const Map& map) {
  std::vector<std::string> result;
  for (const auto& entry : map) {
    result.push_back(entry.first);
  }
  return result;
}

[[noreturn]] void undefined(const document::Place& place, const Service& service, std::string_view what,
                            const std::string& name, const std::vector<std::string>& known) {
  const std::string near = document::nearest(name, known);
  document::refuse(place, fmt::format("service '{}' refers to undefined {} '{}'", service.name, what, name),
                   near.empty() ? fmt::format("define it under '{}s:', or mend the name", what)
                                : fmt::format("did you mean '{}'?", near));
}

void check_dependencies(const Service& service, const Project& project) {
  for (const auto& [name, dependency] : service.depends_on) {
    if (name == service.name) {
      document::refuse(place_in(service, {"depends_on", name}),
                       fmt::format("service '{}' depends on itself", name));
    }
    if (project.services.contains(name) || !dependency.required) {
      continue;
    }
    if (std::binary_search(project.inactive.begin(), project.inactive.end(), name)) {
      document::refuse(
          place_in(service, {"depends_on", name}),
          fmt::format("service '{}' depends on '{}', which no active profile has", service.name, name),
          fmt::format("add a profile of '{}', or write 'required: false'", name));
    }
    undefined(place_in(service, {"depends_on", name}), service, "service", name, names(project.services));
  }
}

void check_mounts(const Service& service, const Project& project) {
  std::set<std::string> targets;
  for (const auto& mount : service.mounts) {
    if (!mount.target.starts_with('/')) {
      document::refuse(
          place_in(service, {"volumes"}),
          fmt::format("service '{}': '{}' is no absolute path in the container", service.name, mount.target));
    }
    if (!targets.insert(mount.target).second) {
      document::refuse(place_in(service, {"volumes"}),
                       fmt::format("service '{}' mounts two things on '{}'", service.name, mount.target));
    }
    if (mount.type == engine::MountType::volume && !mount.source.empty() &&
        !project.volumes.contains(mount.source)) {
      undefined(place_in(service, {"volumes"}), service, "volume", mount.source, names(project.volumes));
    }
  }
}

void check_references(const Service& service, const Project& project) {
  for (const auto& network : service.networks) {
    if (!project.networks.contains(network.first)) {
      undefined(place_in(service, {"networks", network.first}), service, "network", network.first,
                names(project.networks));
    }
  }
  for (const auto& secret : service.secrets) {
    if (!project.secrets.contains(secret.source)) {
      undefined(place_in(service, {"secrets"}), service, "secret", secret.source, names(project.secrets));
    }
  }
  for (const auto& config : service.configs) {
    if (!project.configs.contains(config.source)) {
      undefined(place_in(service, {"configs"}), service, "config", config.source, names(project.configs));
    }
  }
}

void check_service(const Service& service, const Project& project) {
  if (service.image.empty() && !service.build && service.canonical.find("provider") == nullptr) {
    document::refuse(service.place,
                     fmt::format("service '{}' has neither an image nor a build", service.name),
                     "add 'image:'");
  }
  if (!service.network_mode.empty() && !service.networks.empty()) {
    document::refuse(place_in(service, {"network_mode"}),
                     fmt::format("service '{}' has both 'network_mode' and 'networks'", service.name),
                     "keep one of the two");
  }
  if (!service.container_name.empty() && service.scale > 1) {
    document::refuse(
        place_in(service, {"container_name"}),
        fmt::format("service '{}' has a container_name and {} containers", service.name, service.scale),
        "remove container_name, or scale to 1");
  }
  check_references(service, project);
  check_mounts(service, project);
  check_dependencies(service, project);
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

void check(const Project& project) {
  std::map<std::string, std::string> container_names;
  for (const auto& [name, service] : project.services) {
    check_service(service, project);
    if (!service.container_name.empty()) {
      const auto [other, is_new] = container_names.emplace(service.container_name, name);
      if (!is_new) {
        document::refuse(
            place_in(service, {"container_name"}),
            fmt::format("services '{}' and '{}' have the same container_name", other->second, name));
      }
    }
  }
  in_order(project);
}

}  // namespace fresh::compose
