#include "base/sha256.h"
#include "base/step_scope.h"
#include "machine/assess.h"
#include "machine/run.h"
#include "pipeline/connect.h"
#include "pipeline/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace fresh::pipeline {
namespace {

constexpr base::Milliseconds info_deadline(30'000);

machine::MachineDemand demand_of(const RunSettings& settings) {
  const auto number = [](const std::optional<std::int64_t>& value) {
    constexpr std::int64_t most = std::numeric_limits<int>::max();
    return value ? std::optional<int>(static_cast<int>(std::min(*value, most))) : std::nullopt;
  };
  return {.name = settings.machine_name,
          .cpus = number(settings.cpus),
          .memory_mb = number(settings.memory_mb),
          .disk_gb = number(settings.disk_gb)};
}

std::string engine_name(const engine::Version& version) {
  return version.flavor == engine::Flavor::podman ? "podman" : "docker";
}

void describe(Context& context, const Connection& connection, const engine::Info& info) {
  const auto& version = connection.engine->version();
  context.report.engine = {
      .name = engine_name(version),
      .version = version.engine,
      .api_version = version.api,
      .host = fmt::format("{}, kernel {}, {}", info.operating_system, info.kernel, info.architecture),
      .connection = connection.uri,
      .chosen_because = fmt::format("{}: {}", connection.origin, connection.why)};
  context.outcome.inputs["engine"] = base::sha256_hex(engine_name(version) + " " + version.engine);
  context.outcome.inputs["architecture"] = base::sha256_hex(info.architecture);
}

/// A machine that podman keeps: made as declared, then its socket is the engine.
std::optional<NamedEngine> provide_machine(Context& context, const machine::MachineSpec& spec) {
  if (machine::resolved(spec.provider, machine::this_host()) != machine::Provider::podman_machine) {
    return named_engine(context.surroundings, context.project.engine);
  }
  const auto report = machine::ensure_podman_machine(spec, {}, context.sink, context.clock, context.stop);
  for (const auto& note : report.notes) {
    context.bus.notice("machine:" + report.name, note);
  }
  return NamedEngine{report.endpoint.uri, fmt::format("podman machine '{}'", report.name)};
}

}  // namespace

GateVerdict connect_machine(Context& context) {
  const auto demand = demand_of(context.settings);
  const auto spec = machine::demanded(context.project.machine, demand);
  const auto named = provide_machine(context, spec);
  Connection connection =
      connect(context.surroundings, named, true, context.bus, context.clock, context.stop);
  const engine::Info info = connection.engine->info(context.call(info_deadline));
  describe(context, connection, info);
  for (const auto& limitation : connection.limitations) {
    context.bus.warn("engine", limitation);
  }
  // A virtual machine was made as demanded, and reports a little less than it was given.
  const bool virtual_machine =
      machine::resolved(spec.provider, machine::this_host()) == machine::Provider::podman_machine;
  const auto verdict = machine::assess(spec, virtual_machine ? machine::MachineDemand{} : demand, info);
  for (const auto& figure : verdict.figures) {
    base::StepScope step(context.sink, context.clock, "machine:" + figure.subject,
                         fmt::format("{}, expected {}", figure.found, figure.expected));
    context.report.machine[figure.subject + ".expected"] = figure.expected;
    context.report.machine[figure.subject + ".found"] = figure.found;
    if (figure.ok) {
      step.finish("ok");
    }
  }
  for (const auto& note : verdict.notes) {
    context.bus.notice("machine", note);
  }
  if (!verdict.ok) {
    return GateVerdict::failed(base::ExitCode::machine, fmt::format("{}", fmt::join(verdict.failures, "; ")),
                               verdict.remedy);
  }
  context.engine = std::move(connection.engine);
  const auto& engine = context.report.engine;
  return GateVerdict::passed(
      fmt::format("{} {} at {} ({})", engine.name, engine.version, engine.connection, connection.origin));
}

}  // namespace fresh::pipeline
