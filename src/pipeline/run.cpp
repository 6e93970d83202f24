#include "pipeline/run.h"

#include "base/error.h"
#include "base/signals.h"
#include "exports/event_log.h"
#include "exports/reservation.h"
#include "exports/run_id.h"
#include "exports/write.h"
#include "notebooks/report.h"
#include "pipeline/context.h"
#include "pipeline/heartbeat.h"
#include "pipeline/reporter.h"
#include "state/run_lock.h"
#include "trust/random.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
using base::Milliseconds;
using base::SteadyTime;

constexpr Milliseconds silence(15'000);
constexpr std::size_t tail_lines = 20;
/// status.json, and most often the other small files with it.
constexpr std::int64_t reserved_bytes = std::int64_t{512} << 10U;

struct Step {
  Gate gate;
  GateVerdict (*pass)(Context&);
};

constexpr std::array<Step, 11> steps{{{Gate::precheck, precheck},
                                      {Gate::podman, connect_machine},
                                      {Gate::env, provide_environment},
                                      {Gate::reset, reset_state},
                                      {Gate::build, provide_images},
                                      {Gate::deploy_vault, deploy},
                                      {Gate::runtime_contract, check_contracts},
                                      {Gate::seed, seed},
                                      {Gate::notebooks, run_notebooks},
                                      {Gate::determinism, prove_determinism},
                                      {Gate::status, write_outputs}}};

std::string new_run_id(const base::Clock& clock) {
  const std::string hex = trust::random_hex(3);
  std::array<std::uint8_t, 3> random{};
  for (std::size_t i = 0; i < random.size(); ++i) {
    random.at(i) = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  }
  return exports::generate_run_id(clock.wall(), random);
}

/// The message with what was being done; before the lines of detail that a message may have.
std::string with_trace(const Error& error) {
  std::string text;
  for (auto intent = error.doing().rbegin(); intent != error.doing().rend(); ++intent) {
    text += fmt::format(", while {}", *intent);
  }
  std::string message = error.message();
  return message.insert(std::min(message.find('\n'), message.size()), text);
}

/// What a gate comes to, with every exception turned into a failure that has a remedy.
GateVerdict verdict_of(const Step& step, Context& context) {
  const auto failed = [&](ExitCode code, std::string why, std::string remedy) {
    return GateVerdict::failed(failure_code(step.gate, code), std::move(why), std::move(remedy));
  };
  try {
    GateVerdict verdict = step.pass(context);
    if (verdict.result == GateResult::failed) {
      verdict.code = failure_code(step.gate, verdict.code);
    }
    return verdict;
  } catch (const base::Interrupted& interruption) {
    return failed(base::interruption_code(), interruption.message(),
                  "run the same command again; what is done stays done");
  } catch (const Error& error) {
    if (context.stop.stop_requested()) {
      return failed(base::interruption_code(), "interrupted",
                    "run the same command again; what is done stays done");
    }
    const std::string& hint = error.hint();
    return failed(error.code(), with_trace(error),
                  hint.empty() ? fmt::format("see {}/logs/pipeline.log", context.folder.string()) : hint);
  } catch (const std::filesystem::filesystem_error& error) {
    return failed(ExitCode::precheck, error.what(), "mend the path");
  } catch (const std::exception& error) {
    return failed(ExitCode::bug, fmt::format("internal error: {}", error.what()),
                  "this is a bug in fresh-clone; please report it with logs/pipeline.log");
  }
}

/// What the ledger cannot take is said; a run is judged by its gates and its outputs.
void remember(Context& context, const std::function<void()>& record) {
  if (!context.ledger) {
    return;
  }
  try {
    record();
  } catch (const Error& error) {
    context.bus.warn("ledger", error.message());
  }
}

class Walk {
 public:
  Walk(Context& context, Reporter& reporter, state::RunLock& lock)
      : context_(context), reporter_(reporter), lock_(lock) {}

  void all() {
    for (const Step& step : steps) {
      if (failed_) {
        add({.id = std::string(gate_id(step.gate)), .result = std::string(shown(GateResult::not_reached))});
        continue;
      }
      one(step);
    }
  }

 private:
  void one(const Step& step) {
    const std::string id(gate_id(step.gate));
    lock_.enter_gate(id);
    publish(base::event_type::gate_started, "gate:" + id, std::string(gate_title(step.gate)), "", {});
    const SteadyTime begun = context_.clock.steady();
    GateVerdict verdict =
        context_.stop.stop_requested()
            ? GateVerdict::failed(base::interruption_code(), "interrupted", "run the same command again")
            : verdict_of(step, context_);
    verdict.reason = context_.redactor->redact(verdict.reason);
    verdict.remediation = context_.redactor->redact(verdict.remediation);
    const auto took = std::chrono::duration_cast<Milliseconds>(context_.clock.steady() - begun);
    if (verdict.result == GateResult::failed) {
      fail(id, verdict);
    }
    publish(base::event_type::gate_finished, "gate:" + id, verdict.reason, std::string(shown(verdict.result)),
            took);
    add({.id = id,
         .result = std::string(shown(verdict.result)),
         .took = took,
         .reason = verdict.reason,
         .remediation = verdict.remediation,
         .checks = reporter_.take_checks()});
    remember(context_, [&] {
      context_.ledger->record_gate(context_.run_id,
                                   {id, std::string(shown(verdict.result)), took, verdict.reason});
    });
  }

  void fail(const std::string& id, const GateVerdict& verdict) {
    failed_ = true;
    auto& report = context_.report;
    report.passed = false;
    report.failed_gate = id;
    report.reason = verdict.reason;
    report.remediation = verdict.remediation;
    report.exit_code = verdict.code;
  }

  // G10 writes the report that says it passed before it can know: its entry may be there already.
  void add(exports::GateReport gate) {
    auto& gates = context_.report.gates;
    if (!gates.empty() && gates.back().id == gate.id) {
      gates.pop_back();
    }
    gates.push_back(std::move(gate));
  }

  void publish(const char* type, const std::string& subject, std::string text, std::string outcome,
               std::optional<Milliseconds> took) {
    context_.bus.publish({.type = type,
                          .subject = subject,
                          .text = std::move(text),
                          .outcome = std::move(outcome),
                          .took = took});
  }

  Context& context_;
  Reporter& reporter_;
  state::RunLock& lock_;
  bool failed_ = false;
};

void finish_ledger(Context& context) {
  const auto& report = context.report;
  remember(context, [&] {
    context.ledger->finish_run({.id = report.run_id,
                                .project = report.project,
                                .commit = report.commit_sha,
                                .dirty = report.dirty,
                                .seed = report.seed,
                                .mode = report.mode,
                                .result = report.passed ? "PASS" : "FAIL",
                                .failed_gate = report.failed_gate.value_or(""),
                                .exit_code = base::number(report.exit_code),
                                .started = base::rfc3339(report.started),
                                .ended = base::rfc3339(report.ended),
                                .fingerprint = report.fingerprint,
                                .grade = report.grade,
                                .engine = fmt::format("{} {}", report.engine.name, report.engine.version)});
  });
}

/// After a failure nothing was written by G10; what is known is written here, and what cannot be is said.
void write_after_failure(Context& context, exports::Reservation& reserved) {
  try {
    exports::write_all(context.report, context.folder);
  } catch (const std::exception&) {
    reserved.release();
    context.report.not_written = exports::write_possible(context.report, context.folder);
    for (const auto& failure : context.report.not_written) {
      context.bus.warn("outputs", failure);
    }
  }
}

}  // namespace

exports::RunReport run(const Surroundings& surroundings, const RunSettings& settings, EventBus& bus,
                       const base::Clock& clock, const std::stop_token& stop) {
  check_run_id(settings, surroundings);
  const std::string run_id = settings.run_id.value_or(new_run_id(clock));
  const base::WallTime started = clock.wall();
  const SteadyTime begun = clock.steady();
  state::RunLock lock(surroundings.state_folder(), state::this_process(run_id, base::rfc3339(started)));

  Context context{.surroundings = surroundings,
                  .settings = settings,
                  .clock = clock,
                  .bus = bus,
                  .sink = bus.sink(),
                  .stop = stop,
                  .log_problems = [] { return std::vector<std::string>(); },
                  .collect = [](exports::RunReport& /*report*/) {},
                  .begun = begun,
                  .run_id = run_id,
                  .folder = surroundings.run_folder(run_id),
                  .report = {}};
  auto& report = context.report;
  report.run_id = run_id;
  report.seed = settings.seed;
  report.mode = settings.mode();
  report.profile = context.profile();
  report.notebooks_skipped = settings.skip_notebooks;
  report.started = started;
  report.passed = true;
  report.reset.action = "not_reached";
  report.baseline.verdict = "not_compared";

  report.notebooks_tsv = notebooks::report_tsv({});

  exports::Reservation reserved(context.folder, reserved_bytes);
  exports::EventLog events(context.folder / "events.jsonl", run_id, clock);
  exports::LogFolder logs(context.folder, clock);
  context.log_problems = [&events, &logs] {
    std::vector<std::string> problems;
    for (const auto& problem : {events.failure(), logs.failure()}) {
      if (problem) {
        problems.push_back(*problem);
      }
    }
    return problems;
  };
  Reporter reporter;
  context.collect = [&reporter](exports::RunReport& filled) { reporter.fill(filled); };
  Heartbeat heartbeat([&bus](const base::Event& event) { bus.publish(event); }, clock, silence);
  const EventBus::Subscription subscription = bus.listen([&](const base::Event& event) {
    events.hear(event);
    logs.hear(event);
    reporter.hear(event);
    heartbeat.hear(event);
  });

  bus.publish({.type = base::event_type::run_started,
               .subject = "run:" + run_id,
               .text = fmt::format("run {} in {}", run_id, surroundings.project_folder.string()),
               .fields = {{"seed", std::to_string(settings.seed)}, {"mode", settings.mode()}}});
  Walk(context, reporter, lock).all();

  report.ended = clock.wall();
  report.duration = std::chrono::duration_cast<Milliseconds>(clock.steady() - begun);
  if (!report.passed) {
    reporter.fill(report);
    report.log_tail = logs.tail(reporter.first_failed_subject(), tail_lines);
    write_after_failure(context, reserved);
  }
  finish_ledger(context);
  bus.publish({.type = base::event_type::run_finished,
               .subject = "run:" + run_id,
               .text = report.passed ? "PASS" : "FAIL",
               .outcome = report.passed ? "passed" : "failed",
               .took = report.duration,
               .fields = {{"exit_code", std::to_string(base::number(report.exit_code))}}});
  return std::move(context.report);
}

}  // namespace fresh::pipeline
