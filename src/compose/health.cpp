#include "compose/health.h"

#include "base/error.h"
#include "base/lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fresh::compose {
namespace {

using base::Milliseconds;

// A small program is ready when its start returns; for what is not, probes that fail cost it little.
constexpr std::array<Milliseconds, 4> backoff{Milliseconds(10), Milliseconds(100), Milliseconds(250),
                                              Milliseconds(500)};
constexpr Milliseconds shortest_pause(10);
constexpr Milliseconds margin(30'000);
constexpr Milliseconds inspect_deadline(10'000);

struct ProbeRun {
  bool passed = false;
  bool running = true;
  std::string output;
};

/// An engine that runs the checks itself, of an image whose check we cannot name: its own verdict is all
/// there is.
ProbeRun ask_engine(engine::Engine& engine, const std::string& container, const engine::Call& call) {
  const auto found = engine.find_container(container, call);
  if (!found || found->state != "running") {
    return {.running = false, .output = {}};
  }
  return {.passed = found->health == "healthy",
          .output = found->health_log.empty() ? "" : found->health_log.back().output};
}

ProbeRun probe(engine::Engine& engine, const std::string& container, const GatePolicy& policy,
               const engine::Call& call) {
  if (policy.from_image && engine.version().flavor == engine::Flavor::docker) {
    return ask_engine(engine, container, call);
  }
  try {
    const auto run = engine.probe_health(container, policy.check, call);
    return {.passed = run.exit_code == 0, .output = run.output};
  } catch (const engine::EngineError& error) {
    switch (error.fault()) {
      case engine::Fault::timed_out:
        return {.output = fmt::format("no answer within {}", base::shown(policy.check.timeout))};
      case engine::Fault::conflict:
      case engine::Fault::not_found:
        return {.running = false, .output = error.message()};
      case engine::Fault::unreachable:
        throw;
      default:
        return {.output = error.message()};
    }
  }
}

/// The container when it does not run any more. A restart policy that brings it back leaves it to the next
/// probe.
std::optional<engine::Container> ended(engine::Engine& engine, const std::string& container,
                                       const std::stop_token& stop) {
  auto found = engine.find_container(container, {.deadline = inspect_deadline, .stop = stop});
  const bool is_over =
      !found || found->state == "exited" || found->state == "dead" || found->state == "stopped";
  if (!is_over) {
    return std::nullopt;
  }
  if (!found) {
    found.emplace();
    found->name = container;
    found->state = "removed";
  }
  return found;
}

}  // namespace

Milliseconds GateJudge::next_pause() const {
  const auto step = std::min(static_cast<std::size_t>(probes_), backoff.size() - 1);
  return std::max(shortest_pause, std::min(backoff[step], policy_.check.interval));
}

Health GateJudge::record(bool passed, Milliseconds since_start) {
  ++probes_;
  if (passed) {
    counted_failures_ = 0;
    last_counted_ = since_start;
    if (++successes_ >= policy_.consecutive) {
      return Health::healthy;
    }
  } else {
    successes_ = 0;
    const Milliseconds counts_from = last_counted_.value_or(Milliseconds(0)) + policy_.check.interval;
    if (since_start >= policy_.check.start_period && since_start >= counts_from) {
      last_counted_ = since_start;
      if (++counted_failures_ >= std::max(policy_.check.retries, 1)) {
        return Health::unhealthy;
      }
    }
  }
  return since_start >= policy_.timeout ? Health::late : Health::undecided;
}

Milliseconds patience(const engine::Healthcheck& check) {
  return check.start_period + std::max(check.retries, 1) * (check.interval + check.timeout) + margin;
}

GateResult wait_healthy(engine::Engine& engine, const std::string& container, const GatePolicy& policy,
                        const std::string& subject, const base::Clock& clock, const base::EventSink& sink,
                        const std::stop_token& stop) {
  const auto begun = clock.steady();
  const auto since_begin = [&] { return std::chrono::duration_cast<Milliseconds>(clock.steady() - begun); };
  GateJudge judge(policy);
  GateResult result;
  std::string said;
  while (result.health == Health::undecided) {
    if (!clock.wait(judge.next_pause(), stop)) {
      throw base::Interrupted(fmt::format("waiting for {} to be healthy", subject));
    }
    const Milliseconds left = std::max(policy.timeout - since_begin(), Milliseconds(1'000));
    const ProbeRun run =
        probe(engine, container, policy, {.deadline = std::min(policy.check.timeout, left), .stop = stop});
    result.health = judge.record(run.passed, since_begin());
    result.output = run.output;
    if (run.passed) {
      continue;
    }
    if (auto container_now = ended(engine, container, stop)) {
      result.ended = std::move(container_now);
      result.health = Health::unhealthy;
    } else if (const std::string line(base::last_line(run.output)); judge.probes() == 1 || line != said) {
      said = line;
      sink({.type = base::event_type::waiting,
            .subject = subject,
            .text = line.empty() ? "not healthy so far" : line});
    }
  }
  result.probes = judge.probes();
  result.took = since_begin();
  return result;
}

}  // namespace fresh::compose
