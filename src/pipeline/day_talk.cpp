#include "base/error.h"
#include "compose/inject.h"
#include "compose/observe.h"
#include "compose/plan.h"
#include "compose/request.h"
#include "engine/labels.h"
#include "pipeline/day.h"
#include "pipeline/other_checkout.h"
#include "pipeline/stack.h"
#include "trust/random.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;

constexpr const char* slug_label = "com.docker.compose.slug";
constexpr int looks_for_the_end = 40;
constexpr base::Milliseconds between_looks(50);

void require_running(const StackContainer& one) {
  if (one.container.state != "running") {
    throw Error(ExitCode::deploy,
                fmt::format("the container '{}' is {}, not running", one.container.name, one.container.state),
                one.container.state == "paused" ? fmt::format("fresh-clone unpause {}", one.service)
                                                : fmt::format("start it: fresh-clone start {}", one.service));
  }
}

/// `source:target[:ro]` of a command line.
engine::Mount mount_of(const std::string& text) {
  const auto colon = text.find(':');
  const auto second = colon == std::string::npos ? colon : text.find(':', colon + 1);
  engine::Mount mount;
  mount.target = colon == std::string::npos
                     ? text
                     : text.substr(colon + 1, second == std::string::npos ? second : second - colon - 1);
  mount.source = colon == std::string::npos ? "" : text.substr(0, colon);
  mount.read_only = second != std::string::npos && text.substr(second + 1) == "ro";
  if (mount.target.empty() || mount.target.front() != '/' ||
      (second != std::string::npos && !mount.read_only && text.substr(second + 1) != "rw")) {
    throw Error(ExitCode::usage, fmt::format("'{}' is no volume", text),
                "write SOURCE:/path, or SOURCE:/path:ro");
  }
  const bool is_path = !mount.source.empty() && (mount.source.front() == '/' || mount.source.front() == '.');
  mount.type = is_path ? engine::MountType::bind : engine::MountType::volume;
  if (is_path) {
    mount.source = std::filesystem::absolute(mount.source).lexically_normal().string();
  }
  return mount;
}

std::uint16_t port_number(const std::string& text, const std::string& whole) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) {
    throw Error(ExitCode::usage, fmt::format("'{}' is no port to publish", whole),
                "write [ADDRESS:]HOST:CONTAINER[/udp]");
  }
  return number;
}

engine::PortBinding port_of(const std::string& text) {
  engine::PortBinding port;
  std::string rest = text;
  if (const auto slash = rest.find('/'); slash != std::string::npos) {
    port.protocol = rest.substr(slash + 1);
    rest.erase(slash);
  }
  const auto last = rest.rfind(':');
  port.container_port = port_number(last == std::string::npos ? rest : rest.substr(last + 1), text);
  if (last != std::string::npos) {
    rest.erase(last);
    const auto first = rest.rfind(':');
    port.host_port = port_number(first == std::string::npos ? rest : rest.substr(first + 1), text);
    port.host_ip = first == std::string::npos ? "" : rest.substr(0, first);
  }
  return port;
}

engine::ContainerSpec one_off_spec(const compose::Project& stack, const OneOffRequest& request,
                                   const std::optional<engine::ImageId>& image, bool input) {
  const compose::Service& service = stack.services.at(request.service);
  const std::string slug = trust::random_hex(6);
  engine::ContainerSpec spec = compose::one_off_request(
      stack, service,
      request.name.empty() ? fmt::format("{}-{}-run-{}", stack.name, service.name, slug) : request.name,
      image);
  spec.labels[slug_label] = slug;
  spec.labels.insert(request.labels.begin(), request.labels.end());
  spec.command = request.command ? request.command : spec.command;
  if (request.entrypoint) {
    spec.entrypoint = request.entrypoint;
    spec.command = request.command;
  }
  for (const auto& [name, value] : request.environment) {
    spec.environment[name] = value;
  }
  spec.user = request.user.empty() ? spec.user : request.user;
  spec.working_dir = request.working_dir.empty() ? spec.working_dir : request.working_dir;
  for (const auto& volume : request.volumes) {
    spec.mounts.push_back(mount_of(volume));
  }
  spec.ports = request.service_ports ? service.ports : std::vector<engine::PortBinding>{};
  for (const auto& port : request.publish) {
    spec.ports.push_back(port_of(port));
  }
  spec.cap_add.insert(spec.cap_add.end(), request.cap_add.begin(), request.cap_add.end());
  spec.cap_drop.insert(spec.cap_drop.end(), request.cap_drop.begin(), request.cap_drop.end());
  if (request.use_aliases) {
    for (const auto& [key, settings] : service.networks) {
      auto& aliases = spec.networks[stack.networks.at(key).name].aliases;
      aliases = settings.aliases;
      aliases.push_back(service.name);
    }
  }
  spec.tty = request.tty;
  spec.stdin_open = input;
  spec.stdin_once = input;
  return spec;
}

/// The plan without the steps for the service's own containers: what a one-off needs around it.
compose::Plan surroundings_of(const compose::Plan& plan, const std::string& service) {
  compose::Plan result;
  std::map<std::size_t, std::size_t> kept;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].service == service && plan.steps[i].verb != compose::Verb::pull) {
      continue;
    }
    compose::Step step = plan.steps[i];
    step.after.clear();
    for (const auto earlier : plan.steps[i].after) {
      if (const auto found = kept.find(earlier); found != kept.end()) {
        step.after.push_back(found->second);
      }
    }
    kept[i] = result.steps.size();
    result.steps.push_back(std::move(step));
  }
  return result;
}

}  // namespace

int Day::exec(const ContainerChoice& choice, const engine::ExecRequest& request,
              const engine::Conversation& conversation,
              const std::function<void(engine::Stream, std::string_view)>& sink) {
  const Connection connection = connected(false);
  const StackContainer one = choose(*connection.engine, choice);
  require_running(one);
  return connection.engine->converse_exec(one.container.name, request, conversation, sink,
                                          call(follow_deadline));
}

void Day::exec_detached(const ContainerChoice& choice, const engine::ExecRequest& request) {
  const Connection connection = connected(false);
  const StackContainer one = choose(*connection.engine, choice);
  require_running(one);
  connection.engine->exec_detached(one.container.name, request, call(look_deadline));
}

bool Day::has_terminal(const ContainerChoice& choice) {
  const auto stack = model();
  const auto service = stack.services.find(choice.service);
  return service != stack.services.end() && service->second.tty;
}

int Day::attach(const ContainerChoice& choice, const engine::Conversation& conversation,
                const std::function<void(engine::Stream, std::string_view)>& sink) {
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  const StackContainer one = choose(engine, choice);
  require_running(one);
  engine.converse(
      one.container.name, conversation, [] {}, sink, call(follow_deadline));
  // The end of the stream is told a moment before the state changes; who detached leaves it running.
  for (int look = 0; look < looks_for_the_end; ++look) {
    const auto now = engine.find_container(one.container.name, call(look_deadline));
    if (!now || now->has_finished()) {
      return now ? now->exit_code : 0;
    }
    clock_.wait(between_looks, stop_);
  }
  return 0;
}

int Day::run_one_off(const OneOffRequest& request, const engine::Conversation& conversation,
                     const std::function<void(engine::Stream, std::string_view)>& sink,
                     const std::function<void()>& on_begin) {
  auto stack = model_of({request.service}, request.profiles);
  const Connection connection = connected(true);
  engine::Engine& engine = *connection.engine;
  {
    const auto lock = locked("run");
    const auto generated = credentials();
    UpRequest up{.services = {request.service},
                 .dependencies = request.dependencies,
                 .build = request.build,
                 .remove_orphans = request.remove_orphans};
    provide_images(stack, up, engine);
    auto observed = compose::observe(engine, stack, call(look_deadline));
    mind_other_checkouts(project_.name, stack.working_folder, observed.containers, surroundings_, bus_);
    std::erase_if(observed.containers, [&](const engine::Container& container) {
      return engine::labels::value_of(container.labels, engine::labels::compose_service) == request.service;
    });
    auto around = stack;
    if (const auto service = around.services.find(request.service); service != around.services.end()) {
      service->second.scale = 1;
    }
    carry_out(bring_up_request(stack, generated, connection.uri),
              surroundings_of(compose::plan(around, observed, plan_options(up)), request.service), observed,
              engine);
  }
  const auto& service = stack.services.at(request.service);
  const auto image = engine.find_image(service.image, call(look_deadline));
  const auto spec =
      one_off_spec(stack, request, image ? std::optional(image->id) : std::nullopt, conversation.input >= 0);
  engine.create_container(spec, call(look_deadline));
  const auto clean = [&](bool stop_first) {
    // Also after Ctrl-C, so without the stop token.
    const engine::Call last{.deadline = look_deadline};
    if (stop_first) {
      engine.stop_container(spec.name, std::nullopt, last);
    }
    if (request.remove) {
      engine.remove_container(spec.name, true, last);
    }
  };
  try {
    for (const auto& [folder, files] : compose::injected_files(service, stack)) {
      engine.put_archive(spec.name, folder, compose::tar_of(files, folder), call(look_deadline));
    }
    if (request.detach) {
      engine.start_container(spec.name, call(look_deadline));
      sink(engine::Stream::out, spec.name + "\n");
      return 0;
    }
    const auto pending = engine.arm_exit(spec.name, call(look_deadline));
    engine.converse(
        spec.name, conversation,
        [&] {
          on_begin();
          engine.start_container(spec.name, call(look_deadline));
        },
        sink, call(follow_deadline));
    const int code = pending->wait(call(follow_deadline));
    clean(false);
    return code;
  } catch (const base::Error&) {
    clean(true);
    throw;
  }
}

}  // namespace fresh::pipeline
