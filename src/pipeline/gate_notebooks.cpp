#include "base/file.h"
#include "compose/status.h"
#include "determinism/canonical.h"
#include "engine/internal_network.h"
#include "notebooks/discover.h"
#include "notebooks/run.h"
#include "pipeline/context.h"

#include <fmt/format.h>

namespace fresh::pipeline {
namespace {

std::string outcome_of(notebooks::Status status) {
  switch (status) {
    case notebooks::Status::pass:
      return "passed";
    case notebooks::Status::not_applicable:
      return "not_applicable";
    case notebooks::Status::not_reached:
      return "not_reached";
    case notebooks::Status::fail:
    case notebooks::Status::timeout:
    case notebooks::Status::kernel_died:
    case notebooks::Status::oom:
    case notebooks::Status::error:
      break;
  }
  return "failed";
}

exports::NotebookReport report_of(const notebooks::NotebookResult& result) {
  exports::NotebookReport report{
      .path = result.path, .result = outcome_of(result.status), .took = result.took, .reason = result.reason};
  for (const auto& cell : result.cells) {
    const bool passed = cell.status == "ok";
    report.cells.push_back({.name = fmt::format("cell {}", cell.cell),
                            .result = passed                     ? "passed"
                                      : cell.status == "skipped" ? "skipped"
                                                                 : "failed",
                            .took = cell.took,
                            .message = passed ? "" : result.reason});
  }
  return report;
}

/// The name that the engine knows the stack's network by.
std::string network_name(const Context& context) {
  const auto& key = context.project.notebooks->network;
  if (key.empty()) {
    return {};
  }
  const auto found = context.stack.networks.find(key);
  if (found == context.stack.networks.end()) {
    throw base::Error(base::ExitCode::notebooks,
                      fmt::format("'notebooks.network' names '{}', which the stack does not have", key),
                      "add the network to the compose file, or mend the name in fresh-clone.yaml");
  }
  return found->second.name;
}

/// The running services on `network` as `name:address`, sorted.
std::vector<std::string> hosts_on(Context& context, const std::string& network) {
  std::vector<std::string> hosts;
  const engine::Call call = context.call(base::Milliseconds(30'000));
  for (const auto& one : compose::status(context.stack.name, *context.engine, call)) {
    const auto container = context.engine->find_container(one.container, call);
    if (!container || container->state != "running") {
      continue;
    }
    const auto address = container->addresses.find(network);
    if (address != container->addresses.end() && !address->second.empty()) {
      hosts.push_back(fmt::format("{}:{}", one.service, address->second));
    }
  }
  return hosts;
}

/// The values of the credentials that the notebooks get.
std::map<std::string, std::string> secrets_of(const Context& context) {
  std::map<std::string, std::string> secrets;
  for (const auto& name : context.project.notebooks->secrets) {
    for (const auto& credential : context.credentials) {
      if (credential.name == name) {
        secrets[name] = credential.value;
      }
    }
  }
  return secrets;
}

void remember(Context& context, const notebooks::NotebookReport& report) {
  std::map<std::string, base::Milliseconds> durations;
  for (const auto& result : report.notebooks) {
    context.report.notebooks.push_back(report_of(result));
    if (result.status == notebooks::Status::pass) {
      durations[result.path] = result.took;
      determinism::add_notebook(
          context.outcome, determinism::canonical_notebook(base::read_file(result.executed), result.path));
    }
  }
  context.report.notebooks_tsv = notebooks::report_tsv(report);
  context.ledger->record_notebook_durations(durations);
}

/// An exception's text may hold what the notebook was given.
void hide_credentials(const Context& context, notebooks::NotebookResult& result) {
  result.reason = context.redactor->redact(result.reason);
  for (auto& line : result.tail) {
    line = context.redactor->redact(line);
  }
}

GateVerdict verdict_of(const notebooks::NotebookReport& report) {
  std::string failures;
  bool over_budget = false;
  for (const auto& result : report.notebooks) {
    if (outcome_of(result.status) == "failed") {
      over_budget = over_budget || result.status == notebooks::Status::timeout;
      failures += fmt::format("{}{}: {}, {}", failures.empty() ? "" : "; ", result.path,
                              notebooks::shown(result.status), result.reason);
    }
  }
  const auto passed = report.count(notebooks::Status::pass);
  if (!report.passed()) {
    return GateVerdict::failed(
        base::ExitCode::notebooks, failures.empty() ? "no notebook of this profile could run" : failures,
        over_budget
            ? "make the notebook faster, or raise notebooks.timeout or cell_timeout in fresh-clone.yaml"
            : "read the cell and its traceback in the executed notebook below notebooks/ of this run, "
              "mend it, and run again");
  }
  return GateVerdict::passed(
      fmt::format("{} of {} passed{}", passed, report.notebooks.size(),
                  passed == report.notebooks.size() ? "" : "; the others do not apply to this profile"));
}

}  // namespace

GateVerdict run_notebooks(Context& context) {
  if (!context.project.notebooks) {
    return GateVerdict::skipped("the project declares no notebooks");
  }
  if (context.settings.skip_notebooks) {
    return GateVerdict::skipped("--skip-notebooks");
  }
  const auto& spec = *context.project.notebooks;
  const auto found = notebooks::discover(spec, context.project.folder);
  std::set<std::string> services;
  for (const auto& [name, service] : context.stack.services) {
    services.insert(name);
  }
  const auto trap = context.engine->version().flavor == engine::Flavor::podman
                        ? engine::probe_internal_networks(context.stop)
                        : std::nullopt;
  if (trap) {
    context.bus.warn("network", trap->problem + "; cure: " + trap->cure);
  }
  const std::string network = network_name(context);
  auto report = notebooks::run_notebooks(spec, found, *context.engine,
                                         {.run_id = context.run_id,
                                          .project = context.project.name,
                                          .project_folder = context.project.folder,
                                          .out_folder = context.folder,
                                          .network = network,
                                          .hosts = hosts_on(context, network),
                                          .seed = context.settings.seed,
                                          .controls = context.controls,
                                          .secrets = secrets_of(context),
                                          .jobs = context.settings.jobs,
                                          .services = services,
                                          .last_durations = context.ledger->last_notebook_durations(),
                                          .unreachable_hint = trap ? trap->cure : std::string()},
                                         context.clock, context.sink, context.stop);
  for (auto& result : report.notebooks) {
    hide_credentials(context, result);
  }
  remember(context, report);
  if (context.stop.stop_requested()) {
    throw base::Interrupted("running the notebooks");
  }
  return verdict_of(report);
}

}  // namespace fresh::pipeline
