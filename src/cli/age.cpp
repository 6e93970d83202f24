#include "cli/age.h"

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace fresh::cli {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

std::string since(const std::string& text, sys_seconds now) {
  const auto moment = moment_of(text);
  return moment ? shown_span(now - *moment) : std::string("an unknown time");
}

}  // namespace

std::optional<sys_seconds> moment_of(const std::string& text) {
  std::tm time{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (rest == nullptr) {
    return std::nullopt;
  }
  while (*rest == '.' || (*rest >= '0' && *rest <= '9')) {
    ++rest;
  }
  int hours = 0;
  int minutes = 0;
  if (*rest != 'Z' && std::sscanf(rest + (*rest != '\0' ? 1 : 0), "%2d:%2d", &hours, &minutes) != 2) {
    return std::nullopt;
  }
  const auto east = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return sys_seconds(seconds(::timegm(&time))) - (*rest == '-' ? -east : east);
}

std::string shown_moment(sys_seconds moment) {
  const std::time_t time = moment.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S +0000 UTC", &parts);
  return text.data();
}

std::string shown_span(seconds span) {
  const auto whole = [](double value, const char* unit) {
    return fmt::format("{} {}", static_cast<long>(value), unit);
  };
  const auto hours = std::chrono::round<std::chrono::hours>(span).count();
  if (span.count() < 1) {
    return "Less than a second";
  }
  if (span.count() == 1) {
    return "1 second";
  }
  if (span < std::chrono::minutes(1)) {
    return whole(static_cast<double>(span.count()), "seconds");
  }
  if (span < std::chrono::minutes(2)) {
    return "About a minute";
  }
  if (span < std::chrono::hours(1)) {
    return whole(static_cast<double>(span.count()) / 60, "minutes");
  }
  if (hours == 1) {
    return "About an hour";
  }
  constexpr int day = 24;
  const auto count = static_cast<double>(hours);
  if (hours < 2 * day) {
    return whole(count, "hours");
  }
  if (hours < 14 * day) {
    return whole(count / day, "days");
  }
  if (hours < 60 * day) {
    return whole(count / day / 7, "weeks");
  }
  return hours < 730 * day ? whole(count / day / 30, "months") : whole(count / day / 365, "years");
}

std::string shown_status(const engine::Container& container, sys_seconds now) {
  const std::string& state = container.state;
  if (state == "running" || state == "paused") {
    const std::string& health = container.health;
    const std::string word = state == "paused"      ? " (Paused)"
                             : health == "starting" ? " (health: starting)"
                             : health.empty()       ? ""
                                                    : " (" + health + ")";
    return "Up " + since(container.started_at, now) + word;
  }
  if (state == "restarting") {
    return fmt::format("Restarting ({}) {} ago", container.exit_code, since(container.finished_at, now));
  }
  if (state == "exited" && !container.finished_at.empty()) {
    return fmt::format("Exited ({}) {} ago", container.exit_code, since(container.finished_at, now));
  }
  std::string word = state;
  if (!word.empty() && word.front() >= 'a' && word.front() <= 'z') {
    word.front() = static_cast<char>(word.front() - 'a' + 'A');
  }
  return word;
}

}  // namespace fresh::cli
