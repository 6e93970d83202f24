#include "compose/observe.h"

#include "base/doing.h"
#include "base/task_group.h"
#include "engine/labels.h"

#include <algorithm>
#include <functional>
#include <set>

namespace fresh::compose {
namespace {

constexpr const char* project_labels[] = {engine::labels::compose_project, engine::labels::project};

/// Looks that go on side by side, each a row of requests; the first that fails ends the others and is told.
class Looks {
 public:
  explicit Looks(const engine::Call& call) : call_(call), group_(call.stop) {}

  void start(std::function<void(const engine::Call& call)> look) {
    group_.start([this, look = std::move(look)](const std::stop_token& stop) {
      look({.deadline = call_.deadline, .stop = stop});
    });
  }
  void finish() { group_.join(); }

 private:
  const engine::Call& call_;
  base::TaskGroup group_;
};

template <typename Thing>
std::vector<Thing> of_project(std::vector<Thing> things, const std::string& project) {
  std::erase_if(things, [&](const Thing& thing) {
    return std::none_of(std::begin(project_labels), std::end(project_labels), [&](const char* label) {
      return engine::labels::value_of(thing.labels, label) == project;
    });
  });
  return things;
}

template <typename Thing>
void add_by_name(std::map<std::string, Thing>& to, std::vector<Thing> things) {
  for (auto& thing : things) {
    to.emplace(thing.name, std::move(thing));
  }
}

}  // namespace

std::vector<engine::Container> containers_of(const std::string& project, engine::EngineReader& reader,
                                             const engine::Call& call) {
  const engine::Labels labels{{engine::labels::compose_project, project}};
  auto containers = reader.list_containers({.labels = labels, .all = true}, call);
  for (auto& container : containers) {
    if (container.state != "running") {
      if (auto inspected = reader.find_container(container.id.hex, call)) {
        container = *std::move(inspected);
      }
    }
  }
  return containers;
}

Observed observe(engine::EngineReader& reader, const std::string& project, const engine::Call& call) {
  const base::Doing doing("looking at what the engine holds of project '{}'", project);
  Observed result;
  std::map<std::string, engine::Container> by_name;
  Looks looks(call);
  looks.start([&](const engine::Call& own) {
    for (const char* label : project_labels) {
      const engine::Labels labels{{label, project}};
      for (auto& container : reader.list_containers({.labels = labels, .all = true}, own)) {
        by_name.emplace(container.name, std::move(container));
      }
    }
  });
  looks.start([&](const engine::Call& own) {
    add_by_name(result.networks, of_project(reader.list_networks({}, own), project));
    add_by_name(result.volumes, of_project(reader.list_volumes({}, own), project));
  });
  looks.finish();
  for (auto& entry : by_name) {
    result.containers.push_back(std::move(entry.second));
  }
  return result;
}

Observed observe(engine::EngineReader& reader, const Project& project, const engine::Call& call) {
  const base::Doing doing("looking at what the engine holds of project '{}'", project.name);
  Observed result;
  result.flavor = reader.version().flavor;
  std::set<std::string> references;
  for (const auto& entry : project.services) {
    references.insert(entry.second.image);
  }
  references.erase("");
  Looks looks(call);
  looks.start([&](const engine::Call& own) { result.containers = containers_of(project.name, reader, own); });
  looks.start([&](const engine::Call& own) {
    // One list finds the project's own networks and the external ones.
    add_by_name(result.networks, reader.list_networks({}, own));
    add_by_name(result.volumes, reader.list_volumes({}, own));
    for (const auto& reference : references) {
      if (auto image = reader.find_image(reference, own)) {
        result.images.emplace(reference, *std::move(image));
      }
    }
  });
  looks.finish();
  return result;
}

}  // namespace fresh::compose
