#include "compose/status.h"

#include "base/lines.h"
#include "base/task_group.h"
#include "compose/observe.h"
#include "compose/request.h"
#include "compose/succession.h"
#include "engine/labels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <mutex>
#include <tuple>
#include <utility>

namespace fresh::compose {
namespace {

namespace labels = engine::labels;

constexpr std::size_t longest_line = 200;

std::string first_line(const std::string& text) {
  return std::string(base::trimmed(std::string_view(text).substr(0, text.find('\n'))))
      .substr(0, longest_line);
}

Probed probe(engine::Engine& engine, const Service& service, const std::string& container,
             const engine::Call& call) {
  try {
    // Without words of the file's own the check is the image's, which the engine knows.
    const engine::Healthcheck check = service.healthcheck.value_or(engine::Healthcheck{});
    engine::Call bounded = call;
    bounded.deadline = std::min(call.deadline, check.timeout);
    const auto ran = engine.probe_health(container, check, bounded);
    return ran.exit_code == 0 ? Probed{.passed = true} : Probed{.said = first_line(ran.output)};
  } catch (const engine::EngineError& error) {
    if (error.is_lost()) {
      throw;
    }
    return {.said = first_line(error.message())};
  }
}

}  // namespace

bool is_one_off(const engine::Container& container) {
  return labels::value_of(container.labels, labels::compose_oneoff) == "True";
}

int number_of(const engine::Container& container) {
  const std::string text = labels::value_of(container.labels, labels::compose_container_number);
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<ServiceStatus> status_of(const std::vector<engine::Container>& containers) {
  std::vector<ServiceStatus> result;
  for (const auto& container : containers) {
    if (!is_one_off(container)) {
      result.push_back({.service = labels::value_of(container.labels, labels::compose_service),
                        .container = container.name,
                        .state = container.state,
                        .exit_code = container.exit_code,
                        .ports = container.ports});
    }
  }
  std::sort(result.begin(), result.end(), [](const ServiceStatus& a, const ServiceStatus& b) {
    return std::tie(a.service, a.container) < std::tie(b.service, b.container);
  });
  return result;
}

std::vector<ServiceStatus> status(const std::string& project, engine::EngineReader& reader,
                                  const engine::Call& call) {
  auto containers = containers_of(project, reader, call);
  leave_out_half_made(containers);
  return status_of(containers);
}

bool has_check(const Service& service) {
  return service.scale > 0 && service.healthcheck && !service.healthcheck->test.empty() &&
         service.healthcheck->test.front() != "NONE";
}

bool is_checked(const Service& service, engine::EngineReader& reader, const engine::Call& call) {
  if (service.scale <= 0 || (service.healthcheck && !service.healthcheck->test.empty())) {
    return has_check(service);
  }
  const auto image = reader.find_image(service.image, call);
  return image && image->has_healthcheck;
}

Probed probe_service(const Project& project, const Service& service, engine::Engine& engine,
                     const engine::Call& call) {
  for (int number = 1; number <= service.scale; ++number) {
    if (auto probed = probe(engine, service, container_name(project, service, number), call);
        !probed.passed) {
      return probed;
    }
  }
  return {.passed = true};
}

bool is_one_shot(const Service& service) {
  return !has_check(service) && service.restart_written && service.restart == "no";
}

std::map<std::string, Probed> probe_all(const Project& project, engine::Engine& engine,
                                        const engine::Call& call) {
  std::map<std::string, Probed> result;
  std::mutex mutex;
  base::TaskGroup probes(call.stop);
  for (const auto& [name, service] : project.services) {
    probes.start([&, name = name, &service = service](const std::stop_token& stop) {
      const engine::Call bounded{.deadline = call.deadline, .stop = stop};
      if (is_checked(service, engine, bounded)) {
        auto probed = probe_service(project, service, engine, bounded);
        const std::scoped_lock lock(mutex);
        result.emplace(name, std::move(probed));
      }
    });
  }
  probes.join();
  return result;
}

std::map<std::string, bool> verdicts(const std::map<std::string, Probed>& probed) {
  std::map<std::string, bool> result;
  for (const auto& [service, one] : probed) {
    result.emplace(service, one.passed);
  }
  return result;
}

void read_log(engine::EngineReader& reader, const std::string& container, const engine::LogRequest& request,
              const std::function<void(engine::Stream stream, std::string_view line)>& sink,
              const engine::Call& call) {
  std::array<std::string, 2> rest;
  const auto take = [&](engine::Stream stream, std::string_view bytes) {
    std::string& line = rest[stream == engine::Stream::out ? 0 : 1];
    line += bytes;
    for (auto end = line.find('\n'); end != std::string::npos; end = line.find('\n')) {
      sink(stream, std::string_view(line).substr(0, end));
      line.erase(0, end + 1);
    }
  };
  engine::LogRequest next = request;
  for (bool again = true; std::exchange(again, false);) {
    try {
      reader.logs(container, next, take, call);
    } catch (const engine::EngineError& error) {
      if (!request.follow || error.fault() != engine::Fault::timed_out) {
        throw;
      }
      // One request has a deadline; whoever follows has none, and goes on where it ended.
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      next.since = std::chrono::duration_cast<std::chrono::seconds>(now).count();
      next.tail.reset();
      again = true;
    }
  }
  if (!rest[0].empty()) {
    sink(engine::Stream::out, rest[0]);
  }
  if (!rest[1].empty()) {
    sink(engine::Stream::err, rest[1]);
  }
}

}  // namespace fresh::compose
