#include "compose/follow.h"

#include "base/error.h"
#include "base/latch.h"
#include "engine/stream.h"

#include <fmt/core.h>

#include <utility>

namespace fresh::compose {
namespace {

constexpr base::Milliseconds look_deadline(30'000);
constexpr base::Milliseconds as_long_as_it_runs = std::chrono::hours(24 * 20);
constexpr base::Milliseconds attach_grace(10'000);
/// What a program wrote last may come a moment after its end.
constexpr base::Milliseconds drain_grace(5'000);
constexpr base::Milliseconds between_looks(100);
/// Docker waits up to a minute before it starts a container again.
constexpr int looks_while_restarting = 700;
/// Podman shows an ended container for a moment before its policy starts it again.
constexpr int looks_while_ended = 30;

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

Follower::Follower(engine::Engine& engine, FollowOptions options)
    : engine_(engine), options_(std::move(options)) {}

Follower::~Follower() = default;

void Follower::warn(const Followed& one, const std::string& text) const {
  options_.sink({.type = base::event_type::warning, .subject = "service:" + one.service, .text = text});
}

void Follower::lose(const Followed& one, const std::string& why) {
  warn(one, why);
  const std::scoped_lock lock(mutex_);
  lost_.push_back(why);
}

void Follower::follow(const Followed& one) {
  auto exit = engine_.arm_exit(one.container, {.deadline = look_deadline});
  {
    const std::scoped_lock lock(mutex_);
    open_.insert(one.container);
  }
  auto attached = std::make_shared<base::Latch>();
  auto held = std::make_shared<std::unique_ptr<engine::PendingExit>>(std::move(exit));
  tasks_.start([this, one, attached, held](const std::stop_token& stop) {
    try {
      stay_with(
          one, std::move(*held), [attached] { attached->open(); }, stop);
    } catch (const base::Error& error) {
      if (!stop.stop_requested()) {
        lose(one, fmt::format("'{}' is followed no longer: {}", one.container, error.message()));
      }
    }
    attached->open();
    const std::scoped_lock lock(mutex_);
    open_.erase(one.container);
    changed_.notify_all();
  });
  attached->wait_for(attach_grace);
}

void Follower::show(const Followed& one, const std::function<void()>& on_attached,
                    const std::stop_token& stop) {
  engine::LineSplitter out([&](std::string_view line) { options_.on_line(one, without_return(line)); });
  engine::LineSplitter err([&](std::string_view line) { options_.on_line(one, without_return(line)); });
  try {
    engine_.converse(one.container, {}, on_attached,
                     [&](engine::Stream stream, std::string_view bytes) {
                       (stream == engine::Stream::out ? out : err).feed(bytes);
                     },
                     {.deadline = as_long_as_it_runs, .stop = stop});
  } catch (const engine::EngineError& error) {
    warn(one, fmt::format("what '{}' writes is not shown: {}", one.container, error.message()));
  }
  out.finish();
  err.finish();
}

int Follower::end_of(const Followed& one, engine::PendingExit& exit, const std::function<void()>& on_attached,
                     const std::stop_token& stop) {
  base::Latch read;
  base::TaskGroup reading(stop);
  if (one.shows) {
    reading.start([&](const std::stop_token& cut) {
      show(one, on_attached, cut);
      on_attached();
      read.open();
    });
  } else {
    on_attached();
    read.open();
  }
  const int code = exit.wait({.deadline = as_long_as_it_runs, .stop = stop});
  // The output ends with the program, but an attachment that came too late would wait for a next start.
  read.wait_for(drain_grace);
  return code;
}

void Follower::tell_end(const Followed& one, int exit_code) {
  {
    const std::scoped_lock lock(mutex_);
    ends_.push_back({one.service, one.container, exit_code});
  }
  options_.on_end({one.service, one.container, exit_code});
}

void Follower::stay_with(const Followed& one, std::unique_ptr<engine::PendingExit> exit,
                         const std::function<void()>& on_attached, const std::stop_token& stop) {
  while (exit) {
    int code = end_of(one, *exit, on_attached, stop);
    exit.reset();
    tell_end(one, code);
    while (!exit && begins_again(one, code, stop)) {
      exit = engine_.arm_exit(one.container, {.deadline = look_deadline, .stop = stop});
      // An end between the look and the arming is seen by a second look.
      const auto now = engine_.find_container(one.container, {.deadline = look_deadline, .stop = stop});
      if (now && now->state == "running") {
        break;
      }
      exit.reset();
      code = now ? now->exit_code : code;
      tell_end(one, code);
    }
  }
}

bool Follower::begins_again(const Followed& one, int exit_code, const std::stop_token& stop) {
  const bool may = one.restart == "always" || one.restart == "unless-stopped" ||
                   (one.restart.starts_with("on-failure") && exit_code != 0);
  int ended = 0;
  for (int look = 0; may && look < looks_while_restarting && ended < looks_while_ended; ++look) {
    const auto now = engine_.find_container(one.container, {.deadline = look_deadline, .stop = stop});
    if (!now) {
      return false;
    }
    if (now->state == "running") {
      return true;
    }
    ended += now->state == "restarting" ? 0 : 1;
    {
      const std::scoped_lock lock(mutex_);
      if (is_last_) {
        return false;
      }
    }
    if (!options_.clock.wait(between_looks, stop)) {
      return false;
    }
  }
  return false;
}

bool Follower::wait_all(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  return changed_.wait(lock, stop, [this] { return open_.empty(); });
}

bool Follower::finish(base::Milliseconds patience) {
  std::unique_lock lock(mutex_);
  is_last_ = true;
  return changed_.wait_for(lock, patience, [this] { return open_.empty(); });
}

std::vector<FollowedEnd> Follower::ends() const {
  const std::scoped_lock lock(mutex_);
  return ends_;
}

std::vector<std::string> Follower::lost() const {
  const std::scoped_lock lock(mutex_);
  return lost_;
}

}  // namespace fresh::compose
