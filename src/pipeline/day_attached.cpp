#include "base/error.h"
#include "base/signals.h"
#include "compose/check.h"
#include "compose/down.h"
#include "compose/failure.h"
#include "compose/follow.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/run.h"
#include "compose/status.h"
#include "engine/labels.h"
#include "pipeline/attachment.h"
#include "pipeline/day.h"
#include "pipeline/other_checkout.h"
#include "state/run_lock.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
using compose::FollowedEnd;

/// Containers that were stopped tell their end at once.
constexpr base::Milliseconds end_patience(10'000);

/// Whether a plan leaves a container alone.
bool is_kept(const compose::Plan& plan, const std::string& container) {
  return std::none_of(plan.steps.begin(), plan.steps.end(), [&](const compose::Step& step) {
    const auto* stop = std::get_if<compose::Stop>(&step.request);
    const auto* removal = std::get_if<compose::RemoveContainer>(&step.request);
    return (stop != nullptr && stop->container == container) ||
           (removal != nullptr && removal->container == container);
  });
}

/// `web`, or `web-2` where there are several.
std::string shown_name(const compose::Project& stack, const std::string& service,
                       const std::string& container) {
  const auto found = stack.services.find(service);
  const std::string begin = stack.name + "-";
  return found != stack.services.end() && found->second.scale > 1 && container.starts_with(begin)
             ? container.substr(begin.size())
             : service;
}

std::string shown_end(const FollowedEnd& end) {
  // `exit code 137 (killed by SIGKILL)`, as docker compose begins it.
  return "exited with " + compose::shown_exit(end.exit_code, false).substr(std::string_view("exit ").size());
}

/// What the whole comes to after an abort: the exit code that was asked for, or that of the end which caused
/// it.
int code_after_abort(const std::vector<FollowedEnd>& ends, const FollowedEnd& cause,
                     const AttachRequest& attach) {
  if (attach.exit_code_from.empty()) {
    return cause.exit_code;
  }
  const auto own = std::find_if(ends.rbegin(), ends.rend(),
                                [&](const FollowedEnd& end) { return end.service == attach.exit_code_from; });
  if (own == ends.rend()) {
    throw Error(ExitCode::deploy,
                fmt::format("the service '{}' did not end, so it has no exit code", attach.exit_code_from),
                fmt::format("'{}' ended first; see what it wrote", cause.service));
  }
  return own->exit_code;
}

}  // namespace

void Day::stop_attached(const compose::Project& stack, const UpRequest& request, engine::Engine& engine,
                        const std::stop_token& hurry) {
  compose::DownOptions options{.remove = false,
                               .services = request.services,
                               .pre_stop = compose::stop_hooks(stack),
                               .grace = request.grace};
  if (options.services.empty()) {
    options.services = compose::in_order(stack);
  }
  const auto observed = [&] {
    auto found = compose::observe(engine, project_.name, {.deadline = look_deadline});
    std::erase_if(found.containers, compose::is_one_off);
    return found;
  };
  try {
    compose::run(compose::plan_down(observed(), options), engine,
                 {.clock = clock_, .sink = bus_.sink(), .stop = hurry});
  } catch (const Error&) {
    if (!hurry.stop_requested()) {
      throw;
    }
    for (const auto& container : observed().containers) {
      const std::string service = engine::labels::value_of(container.labels, engine::labels::compose_service);
      // `stopping` is Podman's word while it waits for the end.
      if ((container.is_alive() || container.state == "stopping") &&
          compose::is_meant(options.services, service)) {
        engine.kill_container(container.name, "SIGKILL", {.deadline = look_deadline});
        bus_.notice("service:" + service, container.name + " killed");
      }
    }
  }
}

int Day::up_attached(const UpRequest& request, const AttachRequest& attach,
                     const std::function<void(const OutputLine&)>& sink, const std::stop_token& hurry) {
  auto lock = std::unique_ptr<state::RunLock>(new state::RunLock(locked("up")));
  const auto stack = model_for(request);
  const Attachment attachment = attachment_of(stack, request.services, attach);
  const auto generated = credentials();
  const Connection connection = connected(true);
  engine::Engine& engine = *connection.engine;
  provide_images(stack, request, engine);

  std::mutex mutex;
  std::optional<FollowedEnd> cause;
  std::stop_source ending;
  const std::stop_callback forward(stop_, [&ending] { ending.request_stop(); });
  const auto say = [&](const std::string& service, const std::string& container, std::string text,
                       bool is_end) {
    const std::string time = attach.timestamps ? base::rfc3339(clock_.wall()) + " " : std::string();
    const std::scoped_lock guard(mutex);
    sink({.name = shown_name(stack, service, container), .text = time + std::move(text), .is_end = is_end});
  };
  compose::Follower follower(
      engine,
      {.clock = clock_,
       .sink = bus_.sink(),
       .on_line =
           [&](const compose::Followed& one, std::string_view line) {
             say(one.service, one.container, redactor_->redact(line), false);
           },
       .on_end =
           [&](const FollowedEnd& end) {
             say(end.service, end.container, shown_end(end), true);
             if (!attach.aborts() || (end.exit_code == 0 && attachment.awaited.contains(end.service))) {
               return;
             }
             {
               const std::scoped_lock guard(mutex);
               if (!cause) {
                 cause = end;
               }
             }
             ending.request_stop();
           }});
  const auto follow = [&](const std::string& service, const std::string& container) {
    if (attachment.watched.contains(service)) {
      follower.follow({.service = service,
                       .container = container,
                       .shows = attachment.shown.contains(service),
                       .restart = stack.services.at(service).restart});
    }
  };

  BringUpRequest bring = bring_up_request(stack, generated, connection.uri);
  bring.plan = plan_options(request);
  bring.stop = ending.get_token();
  bring.watched = attachment.watched;
  bring.before_start = follow;
  bring.on_planned = [&](const compose::Observed& observed, const compose::Plan& plan) {
    mind_other_checkouts(project_.name, stack.working_folder, observed.containers, surroundings_, bus_);
    for (const auto& container : observed.containers) {
      if (container.is_alive() && !compose::is_one_off(container) && is_kept(plan, container.name)) {
        follow(engine::labels::value_of(container.labels, engine::labels::compose_service), container.name);
      }
    }
  };
  try {
    bring_up(bring, engine);
  } catch (const Error&) {
    if (!ending.stop_requested()) {
      throw;
    }
  }
  // From here on others may work on the stack, and what they stop is an end like any other.
  lock.reset();
  const bool all_ended = follower.wait_all(ending.get_token());
  const auto first = [&] {
    const std::scoped_lock guard(mutex);
    return cause;
  }();
  if (!all_ended) {
    bus_.notice("stack", stop_.stop_requested() || !first
                             ? "stopping"
                             : fmt::format("'{}' ended: stopping the others", first->service));
    stop_attached(stack, request, engine, hurry);
    follower.finish(end_patience);
  }
  if (stop_.stop_requested()) {
    return base::number(base::interruption_code());
  }
  const auto ends = follower.ends();
  if (first) {
    return code_after_abort(ends, *first, attach);
  }
  if (const auto lost = follower.lost(); !lost.empty()) {
    // An engine that is gone is another failure than a container that somebody removed.
    find(engine, {}, false);
    throw Error(ExitCode::deploy, lost.front(),
                "how it ends is not known: look with 'fresh-clone ps', then start 'up' again");
  }
  std::map<std::string, FollowedEnd> last;
  for (const auto& end : ends) {
    last[end.container] = end;
  }
  for (const auto& [container, end] : last) {
    if (end.exit_code != 0) {
      throw Error(ExitCode::deploy, fmt::format("service '{}' {}", end.service, shown_end(end)),
                  fmt::format("the whole log: fresh-clone logs {}", end.service));
    }
  }
  return base::number(ExitCode::pass);
}

}  // namespace fresh::pipeline
