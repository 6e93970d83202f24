#include "notebooks/container_run.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "determinism/controls.h"
#include "engine/labels.h"
#include "engine/run_to_end.h"
#include "notebooks/driver_report.h"
#include "notebooks/judge.h"
#include "notebooks/payload.h"
#include "source/output_file.h"
#include "source/tar_reader.h"

#include <fmt/format.h>

#include <optional>

namespace fresh::notebooks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds short_call(30);
/// What the driver may need beyond the notebook's own budget: checks, ending a kernel that does not heed,
/// storing.
constexpr seconds driver_grace(45);

/// Fetches the executed notebook to `target`; its sha256, or nothing when the container has none.
std::optional<std::string> fetch_executed(engine::Engine& engine, const std::string& id,
                                          const std::filesystem::path& target, const std::stop_token& stop) {
  const base::TemporaryFolder folder;
  const auto archive = folder.path() / "executed.tar";
  bool found = false;
  try {
    source::OutputFile file(archive);
    engine.get_archive(id, executed_path, [&](std::string_view bytes) { file.write(bytes); },
                       {short_call * 2, stop});
    file.close();
    std::optional<source::OutputFile> out;
    source::read_tar(
        archive,
        [&](const source::TarEntry& entry) -> source::ByteSink {
          if (entry.type != source::EntryType::file || found) {
            return {};
          }
          found = true;
          out.emplace(target);
          return [&out](std::string_view bytes) { out->write(bytes); };
        },
        [&] {
          if (out) {
            out->close();
            out.reset();
          }
        });
  } catch (const base::Interrupted&) {
    throw;
  } catch (const base::Error&) {
    return std::nullopt;
  }
  return found ? std::optional(base::sha256_file(target)) : std::nullopt;
}

/// As fetch_executed, again while what arrives is not what the driver stored: Podman 4.3 answers 200 with an
/// archive cut short where it unmounts the container that just ended.
std::optional<std::string> fetch_whole(engine::Engine& engine, const std::string& id,
                                       const std::filesystem::path& target, const DriverReport& report,
                                       const base::Clock& clock, const std::stop_token& stop) {
  const std::string expected = report.finished ? report.finished->executed_sha256 : std::string();
  auto digest = fetch_executed(engine, id, target, stop);
  for (int again = 0; again < 4 && !expected.empty() && digest != expected; ++again) {
    if (!clock.wait(milliseconds(250), stop)) {
      break;
    }
    digest = fetch_executed(engine, id, target, stop);
  }
  return digest;
}

/// A name of its own for each notebook of a run, readable in the engine's list.
std::string container_name(const Notebook& notebook, const RunOptions& options) {
  std::string stem = std::filesystem::path(notebook.path).stem().string();
  for (char& c : stem) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    c = plain ? c : '-';
  }
  const std::string key = base::Sha256().field(options.run_id).field(notebook.path).hex().substr(0, 10);
  return fmt::format("{}-notebook-{}-{}", options.project, stem.substr(0, 40), key);
}

}  // namespace

engine::ContainerSpec container_spec(const NotebooksSpec& spec, const Notebook& notebook,
                                     const RunOptions& options) {
  engine::ContainerSpec container{.name = container_name(notebook, options), .image = spec.image};
  container.entrypoint = std::vector<std::string>{"python3", driver_path, job_path};
  container.command = std::vector<std::string>{};
  container.environment = spec.env;
  for (const auto& [name, value] : options.controls) {
    container.environment[name] = value;
  }
  container.labels = {{engine::labels::tool, "fresh-clone"},
                      {engine::labels::project, options.project},
                      {engine::labels::run, options.run_id},
                      {engine::labels::role, "notebook"}};
  container.user = spec.user;
  container.working_dir = workspace;
  container.hostname = determinism::control_hostname;
  container.cap_drop = {"ALL"};
  container.security_opt = {"no-new-privileges"};
  container.healthcheck = engine::Healthcheck{.test = {"NONE"}};
  container.memory = spec.memory;
  container.memory_swap = spec.memory;
  if (options.network.empty()) {
    container.network_mode = "none";
  } else {
    container.networks[options.network] = {};
    // Podman's name server pauses whenever a container joins or leaves a network, as notebooks do all the
    // time.
    container.extra_hosts = options.hosts;
  }
  return container;
}

NotebookResult run_in_container(const NotebooksSpec& spec, const Notebook& notebook,
                                const std::string& shared, engine::Engine& engine, const RunOptions& options,
                                const base::Clock& clock, const base::EventSink& sink,
                                const std::stop_token& stop) {
  const base::Doing doing("running notebook '{}'", notebook.path);
  const auto begun = clock.steady();
  const std::string subject = "notebook:" + notebook.path;
  const milliseconds deadline = notebook.timeout.value_or(spec.timeout) + driver_grace;
  Evidence evidence{.code_cells = notebook.cells, .deadline = deadline, .memory_limit = spec.memory};
  std::filesystem::path target = options.out_folder / "notebooks" / notebook.path;
  DriverReportReader reader([&](const CellResult& cell, int of) {
    sink({.type = base::event_type::log_line,
          .subject = subject,
          .text = fmt::format("cell {}/{} {} {}", cell.cell, of, cell.status, base::shown(cell.took)),
          .took = cell.took,
          .fields = {
              {"cell", std::to_string(cell.cell)}, {"of", std::to_string(of)}, {"status", cell.status}}});
  });
  try {
    const std::string id =
        engine.create_container(container_spec(spec, notebook, options), {short_call, stop}).hex;
    const engine::ContainerGuard guard(engine, id);
    engine.put_archive(id, "/", shared, {short_call, stop});
    engine.put_archive(id, "/", job_payload(spec, notebook, options), {short_call, stop});
    const auto end = engine::run_to_end(
        engine, id, deadline, [&reader](engine::Stream, std::string_view bytes) { reader.feed(bytes); },
        clock, stop);
    evidence.killed_at_deadline = end.killed_at_deadline;
    evidence.container = end.container;
    evidence.wait_lost = end.wait_lost;
    evidence.driver = reader.report();
    if (!evidence.driver.finished) {
      DriverReportReader logs;
      engine.logs(id, {}, [&logs](engine::Stream, std::string_view bytes) { logs.feed(bytes); },
                  {short_call, stop});
      evidence.driver = logs.report();
    }
    evidence.executed_sha256 = fetch_whole(engine, id, target, evidence.driver, clock, stop);
  } catch (const engine::EngineError& error) {
    NotebookResult result{.path = notebook.path, .reason = error.message()};
    if (error.is_lost()) {
      result.reason = "the connection to the engine was lost while the notebook ran: " + result.reason;
      result.cell = reader.report().running_cell;
    }
    result.took = std::chrono::duration_cast<milliseconds>(clock.steady() - begun);
    return result;
  }
  NotebookResult result = judge(notebook.path, evidence);
  if (evidence.driver.finished && evidence.driver.finished->status == "unreachable" &&
      !options.unreachable_hint.empty()) {
    result.reason += "; " + options.unreachable_hint;
  }
  if (evidence.executed_sha256) {
    result.executed = std::move(target);
  }
  result.took = std::chrono::duration_cast<milliseconds>(clock.steady() - begun);
  return result;
}

}  // namespace fresh::notebooks
