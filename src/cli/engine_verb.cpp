#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/embedded.h"
#include "pipeline/connect.h"
#include "pipeline/project.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::cli {
namespace {

using nlohmann::json;

constexpr base::Milliseconds info_deadline(30'000);

void print_embedded(const engine::EmbeddedEngine& embedded, bool as_json) {
  if (as_json) {
    print(stdout, "{}\n",
          json{{"endpoint", embedded.endpoint.text()},
               {"pid", embedded.pid},
               {"reused", embedded.reused},
               {"limitations", embedded.limitations}}
              .dump(2));
    return;
  }
  for (const auto& note : embedded.notes) {
    print(stderr, "note: {} = {}: {}\n", note.what, note.value, note.why);
  }
  for (const auto& limitation : embedded.limitations) {
    print(stderr, "limitation: {}\n", limitation);
  }
  print(stdout, "{}\n", embedded.endpoint.text());
}

int show_status(const Arguments& arguments) {
  Session session(arguments);
  const auto& surroundings = arguments.surroundings;
  const auto named =
      pipeline::named_engine(surroundings, pipeline::declared_engine(surroundings.project_folder));
  const auto connection =
      pipeline::connect(surroundings, named, false, session.bus(), session.clock(), session.stop());
  const auto info = connection.engine->info({.deadline = info_deadline, .stop = session.stop()});
  const auto& version = connection.engine->version();
  const std::string name = version.flavor == engine::Flavor::podman ? "podman" : "docker";
  if (arguments.json) {
    print(stdout, "{}\n",
          json{{"engine", name},
               {"version", version.engine},
               {"api", version.api},
               {"endpoint", connection.uri},
               {"origin", connection.origin},
               {"rootless", info.rootless},
               {"cpus", info.cpus},
               {"memory", info.memory},
               {"memory_limits", info.memory_limits}}
              .dump(2));
  } else {
    print(stdout, "{} {} (API {}) at {}\nchosen because: {}: {}\n{} CPUs, {} MiB memory, cgroup {}, {}{}\n",
          name, version.engine, version.api, connection.uri, connection.origin, connection.why, info.cpus,
          info.memory >> 20, info.cgroup_version, info.rootless ? "rootless" : "rootful",
          info.memory_limits ? "" : ", memory limits have no effect");
  }
  return base::number(base::ExitCode::pass);
}

}  // namespace

int engine(const Arguments& arguments, const EngineVerb& verb) {
  const auto options = engine::embedded_options_of_process(arguments.surroundings.data_folder());
  switch (verb.action) {
    case EngineVerb::Action::start:
      print_embedded(engine::start_embedded(options), arguments.json);
      break;
    case EngineVerb::Action::stop:
      print(stdout, "{}\n", engine::stop_embedded(options) ? "stopped" : "none was running");
      break;
    case EngineVerb::Action::status:
      return show_status(arguments);
  }
  return base::number(base::ExitCode::pass);
}

}  // namespace fresh::cli
