#include "pipeline/stack_images.h"

#include "images/order.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace fresh::pipeline {

bool is_declared(const ProjectSpec& project, const std::string& image) {
  return std::any_of(project.images.begin(), project.images.end(),
                     [&](const auto& declared) { return declared.name == image; });
}

bool is_built_for_itself(const ProjectSpec& project, const compose::Service& service) {
  return service.build && service.scale > 0 && !is_declared(project, service.image);
}

std::vector<images::ImageSpec> stack_images(const ProjectSpec& project, const compose::Project& active,
                                            const compose::Project& everything) {
  std::set<std::string> used{project.environment.image};
  if (project.notebooks) {
    used.insert(project.notebooks->image);
  }
  for (const auto& [name, service] : active.services) {
    used.insert(service.image);
  }
  std::set<std::string> away;
  for (const auto& [name, service] : everything.services) {
    away.insert(service.image);
  }
  std::set<std::string> made_from;
  for (const auto& image : project.images) {
    const auto parents = images::parents_of(image);
    made_from.insert(parents.begin(), parents.end());
  }
  // What others are made from comes with them; what nobody names is wanted for itself.
  std::vector<std::string> names;
  for (const auto& image : project.images) {
    if (used.contains(image.name) || (!away.contains(image.name) && !made_from.contains(image.name))) {
      names.push_back(image.name);
    }
  }
  return names.empty() ? std::vector<images::ImageSpec>() : images::needed_for(project.images, names);
}

std::set<std::string> built_services_of(const compose::Project& stack) {
  std::set<std::string> names;
  for (const auto& [name, service] : stack.services) {
    if (service.build && service.image == fmt::format("{}-{}", stack.name, name)) {
      names.insert(name);
    }
  }
  return names;
}

bool is_local_image(const std::string& image, const std::string& project, const std::string& service) {
  const std::string last = image.substr(image.rfind('/') + 1);
  return !service.empty() && last.substr(0, last.find(':')) == fmt::format("{}-{}", project, service);
}

std::string build_remedy(const engine::EngineError& error, const std::string& dockerfile,
                         const std::string& context_folder) {
  using engine::Fault;
  switch (error.fault()) {
    case Fault::unreachable:
    case Fault::untrusted:
    case Fault::timed_out:
    case Fault::cut:
    case Fault::unauthorized:
    case Fault::no_space:
      return error.hint().empty() ? "look at the engine (fresh-clone engine status), then build again"
                                  : error.hint();
    default:
      return fmt::format("mend '{}' in {}", dockerfile, context_folder);
  }
}

}  // namespace fresh::pipeline
