#include "bench/bars.h"

#include <fmt/core.h>

namespace fresh::bench {
namespace {

constexpr double near_floor = 1 / 1.15;
constexpr double not_slower = 1;

std::optional<Bar> absolute(const std::string& stack, const std::string& what) {
  if (what == "no-op up ms" && (stack == "ten" || stack == "forty")) {
    return Bar{Bar::Kind::at_most, stack == "ten" ? 15.0 : 30.0};
  }
  if (stack == "forty" && what == "config ms") {
    return Bar{Bar::Kind::at_most, 4};
  }
  if (stack == "forty" && what == "config MB") {
    return Bar{Bar::Kind::at_most, 12};
  }
  return std::nullopt;
}

double up_factor(const std::string& engine, const std::string& stack) {
  if (engine == "podman") {
    return stack == "chain5" || stack == "forty" ? 1.25 : not_slower;
  }
  if (stack == "chain5") {
    return 5;
  }
  if (stack == "chain3") {
    return 12;
  }
  return stack == "one" ? not_slower : 1.3;
}

}  // namespace

bool Bar::holds(double measured) const {
  return kind == Kind::at_most ? measured <= value : measured >= value;
}

std::string Bar::text() const {
  return kind == Kind::at_most ? fmt::format("at most {:.0f}", value) : fmt::format("{:.2f} x", value);
}

std::optional<Bar> bars_of(const std::string& engine, const std::string& stack, const std::string& what,
                           const std::string& who) {
  if (who == "fresh-clone") {
    return absolute(stack, what);
  }
  const bool is_chain = stack.starts_with("chain");
  if (who == "floor") {
    return what == "up ms" && !is_chain ? std::optional(Bar{Bar::Kind::times_faster, near_floor})
                                        : std::nullopt;
  }
  if (what == "up ms") {
    return Bar{Bar::Kind::times_faster, up_factor(engine, stack)};
  }
  return what == "down ms" ? std::optional(Bar{Bar::Kind::times_faster, not_slower}) : std::nullopt;
}

}  // namespace fresh::bench
