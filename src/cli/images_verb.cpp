#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "images/list.h"
#include "images/provide.h"
#include "pipeline/connect.h"
#include "pipeline/project.h"
#include "state/run_lock.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace fresh::cli {
namespace {

using nlohmann::json;

images::Steps steps_of(ImagesVerb::Action action) {
  switch (action) {
    case ImagesVerb::Action::fetch:
      return images::Steps::fetch;
    case ImagesVerb::Action::lock:
      return images::Steps::lock;
    case ImagesVerb::Action::build:
    case ImagesVerb::Action::list:
      break;
  }
  return images::Steps::all;
}

void print_states(const std::vector<images::ListedImage>& states, bool as_json) {
  if (as_json) {
    json list = json::array();
    for (const auto& state : states) {
      list.push_back(
          {{"name", state.name}, {"kind", state.kind}, {"state", shown(state.state)}, {"id", state.id}});
    }
    print(stdout, "{}\n", json{{"images", list}}.dump(2));
    return;
  }
  std::vector<std::vector<std::string>> rows{{"IMAGE", "KIND", "STATE", "ID"}};
  for (const auto& state : states) {
    rows.push_back({state.name, state.kind, std::string(shown(state.state)), state.id.substr(0, 12)});
  }
  print(stdout, "{}", table(rows));
}

void print_result(const images::ImagesResult& result, bool as_json) {
  if (as_json) {
    json list = json::array();
    for (const auto& image : result.images) {
      list.push_back(
          {{"name", image.name}, {"id", image.id}, {"source", image.source}, {"inputs", image.inputs_key}});
    }
    json drift = json::array();
    for (const auto& moved : result.drift) {
      drift.push_back(
          {{"image", moved.image}, {"package", moved.package}, {"from", moved.from}, {"to", moved.to}});
    }
    print(stdout, "{}\n", json{{"drift", drift}, {"images", list}}.dump(2));
    return;
  }
  std::vector<std::vector<std::string>> rows{{"IMAGE", "SOURCE", "ID", "MIB"}};
  for (const auto& image : result.images) {
    rows.push_back({image.name, image.source, image.id.substr(0, 12), std::to_string(image.size >> 20)});
  }
  print(stdout, "{}", table(rows));
}

}  // namespace

int images(const Arguments& arguments, const ImagesVerb& verb) {
  Session session(arguments);
  const auto& surroundings = arguments.surroundings;
  const bool looks = verb.action == ImagesVerb::Action::list;
  const auto project = pipeline::load_project(surroundings.project_folder);
  const auto connection =
      pipeline::connect(surroundings, pipeline::named_engine(surroundings, project.engine), !looks,
                        session.bus(), session.clock(), session.stop());
  std::optional<state::RunLock> lock;
  if (!looks) {
    lock.emplace(surroundings.state_folder(),
                 state::this_process("images", base::rfc3339(session.clock().wall())));
  }
  const images::ProvideOptions options{.project = project.name,
                                       .project_folder = project.folder,
                                       .cache_folder = surroundings.cache_home(),
                                       .steps = steps_of(verb.action),
                                       .locked = verb.locked,
                                       .jobs = verb.jobs,
                                       .only = verb.names,
                                       .clock = session.clock(),
                                       .sink = session.bus().sink(),
                                       .stop = session.stop()};
  if (looks) {
    print_states(images::list(project.images, *connection.engine, options), arguments.json);
  } else {
    print_result(images::provide(project.images, *connection.engine, options), arguments.json);
  }
  return base::number(base::ExitCode::pass);
}

}  // namespace fresh::cli
