#include "machine/assess.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

namespace fresh::machine {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1024} * 1024;
constexpr std::int64_t gibibyte = 1024 * mebibyte;

/// One resource: what is there, and the three sizes it is held against.
struct Question {
  std::string subject;
  std::string unit;
  std::string key;  ///< in machine.minimum
  std::string flag;
  std::optional<std::int64_t> found;
  int minimum = 0;
  int wanted = 0;
  std::optional<int> demand;
};

/// Whole units, rounded down; nothing for 0, which is how an engine says that it does not know.
std::optional<std::int64_t> in_units(std::int64_t size, std::int64_t unit) {
  return size > 0 ? std::optional(size / unit) : std::nullopt;
}

std::string with_unit(std::int64_t value, const std::string& unit) {
  return unit.empty() ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
}

void answer(const Question& question, Verdict& verdict) {
  const bool by_flag = question.demand.value_or(0) > question.minimum;
  const int needed = by_flag ? *question.demand : question.minimum;
  const std::string origin = by_flag ? question.flag : fmt::format("machine.minimum.{}", question.key);
  const std::string needed_text = with_unit(needed, question.unit);
  Figure figure{.subject = question.subject,
                .expected = needed > 0 ? fmt::format("at least {} ({})", needed_text, origin) : "any",
                .found = question.found ? with_unit(*question.found, question.unit) : "unknown",
                .ok = true};
  if (!question.found) {
    // A flag demands a number, so a size that nobody knows cannot meet it; a minimum is only said to be
    // unproven.
    figure.ok = !by_flag;
    auto& list = figure.ok ? verdict.notes : verdict.failures;
    if (needed > 0) {
      list.push_back(fmt::format("the engine does not tell its {}, expected at least {} ({})",
                                 question.subject, needed_text, origin));
    }
  } else if (*question.found < needed) {
    figure.ok = false;
    verdict.failures.push_back(fmt::format("the engine has {} {}, expected at least {} ({})", figure.found,
                                           question.subject, needed_text, origin));
  } else if (*question.found < question.wanted) {
    verdict.notes.push_back(fmt::format("the engine has {} {}, less than the wanted {}", figure.found,
                                        question.subject, with_unit(question.wanted, question.unit)));
  }
  if (!figure.ok && verdict.remedy.empty()) {
    verdict.remedy = by_flag
                         ? fmt::format("give {} a number that the host has, or leave it out", question.flag)
                         : fmt::format("use a host with at least {} {}, or lower machine.minimum.{}",
                                       needed_text, question.subject, question.key);
  }
  verdict.figures.push_back(std::move(figure));
}

}  // namespace

Verdict assess(const MachineSpec& spec, const MachineDemand& demand, const engine::Info& info) {
  Verdict verdict;
  answer({.subject = "cpus",
          .unit = "",
          .key = "cpus",
          .flag = "--podman-cpus",
          .found = in_units(info.cpus, 1),
          .minimum = spec.minimum.cpus,
          .wanted = spec.wanted.cpus,
          .demand = demand.cpus},
         verdict);
  answer({.subject = "memory",
          .unit = "MiB",
          .key = "memory_mb",
          .flag = "--podman-memory-mb",
          .found = in_units(info.memory, mebibyte),
          .minimum = spec.minimum.memory_mb,
          .wanted = spec.wanted.memory_mb,
          .demand = demand.memory_mb},
         verdict);
  answer({.subject = "free disk",
          .unit = "GiB",
          .key = "disk_gb",
          .flag = "--podman-disk-gb",
          .found = in_units(info.disk_free, gibibyte),
          .minimum = spec.minimum.disk_gb,
          .wanted = spec.wanted.disk_gb,
          .demand = demand.disk_gb},
         verdict);
  verdict.ok = verdict.failures.empty();
  return verdict;
}

}  // namespace fresh::machine
