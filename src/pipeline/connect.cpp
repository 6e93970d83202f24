#include "pipeline/connect.h"

#include "base/error.h"
#include "base/step_scope.h"
#include "engine/embedded.h"
#include "engine/socket_engine.h"

#include <fmt/core.h>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds connect_deadline(10'000);

constexpr const char* embedded_origin = "embedded engine";
constexpr const char* embedded_why = "no engine was configured and none answered; podman is installed";

std::optional<engine::ResolvedEndpoint> running_embedded(const Surroundings& surroundings,
                                                         std::vector<std::string>& limitations) {
  const auto embedded =
      engine::embedded_status(engine::embedded_options_of_process(surroundings.data_folder()));
  if (!embedded) {
    return std::nullopt;
  }
  limitations = embedded->limitations;
  return engine::ResolvedEndpoint{embedded->endpoint, embedded_origin, embedded_why};
}

engine::ResolvedEndpoint start_embedded(const Surroundings& surroundings, EventBus& bus,
                                        const base::Clock& clock, std::vector<std::string>& limitations) {
  const base::EventSink sink = bus.sink();
  base::StepScope step(sink, clock, "engine:embedded", "starting a private podman service");
  const auto embedded =
      engine::start_embedded(engine::embedded_options_of_process(surroundings.data_folder()));
  for (const auto& note : embedded.notes) {
    bus.notice("engine:embedded", fmt::format("{} = {}: {}", note.what, note.value, note.why));
  }
  limitations = embedded.limitations;
  step.finish(embedded.reused ? "unchanged" : "ok",
              fmt::format("a private podman service at {}", embedded.endpoint.text()));
  return {embedded.endpoint, embedded_origin, embedded_why};
}

}  // namespace

std::optional<NamedEngine> named_engine(const Surroundings& surroundings,
                                        const std::optional<std::string>& file_engine) {
  if (surroundings.engine) {
    return NamedEngine{*surroundings.engine, "--engine"};
  }
  if (file_engine) {
    return NamedEngine{*file_engine, "fresh-clone.yaml"};
  }
  return std::nullopt;
}

Connection connect(const Surroundings& surroundings, const std::optional<NamedEngine>& named, bool may_start,
                   EventBus& bus, const base::Clock& clock, const std::stop_token& stop) {
  const base::Doing doing("connecting to the engine");
  engine::ResolveRequest request = engine::resolve_request_of_process(named ? named->uri : std::string());
  if (named) {
    request.flag_origin = named->origin;
  }
  Connection connection;
  request.note = [&bus](const std::string& note) { bus.notice("engine", note); };
  auto resolved = engine::resolve(request);
  if (!resolved) {
    resolved = running_embedded(surroundings, connection.limitations);
  }
  if (!resolved) {
    if (!may_start) {
      throw base::Error(base::ExitCode::machine, "no engine is configured and none answers",
                        "start one with 'fresh-clone engine start', or name one with --engine");
    }
    resolved = start_embedded(surroundings, bus, clock, connection.limitations);
  }
  connection.engine = engine::connect(*resolved, {.deadline = connect_deadline, .stop = stop},
                                      engine::credential_request_of_process(surroundings.variables));
  connection.uri = resolved->endpoint.text();
  connection.origin = resolved->origin;
  connection.why = resolved->why;
  return connection;
}

}  // namespace fresh::pipeline
