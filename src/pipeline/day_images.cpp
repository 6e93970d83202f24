#include "base/error.h"
#include "base/step_scope.h"
#include "compose/decide.h"
#include "compose/request.h"
#include "images/provide.h"
#include "pipeline/build_order.h"
#include "pipeline/day.h"
#include "pipeline/service_build.h"
#include "pipeline/stack_images.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::pipeline {
namespace {

/// The keys that a build of these services has to do with.
compose::Project builds_of(compose::Project stack, const std::vector<std::string>& names) {
  std::erase_if(stack.key_uses, [&](const compose::KeyUse& use) {
    return std::none_of(names.begin(), names.end(), [&](const std::string& name) {
      return use.path.starts_with(fmt::format("services.{}.build.", name));
    });
  });
  return stack;
}

/// Passes an engine's lines on as events of one type about one subject.
std::function<void(std::string_view)> reported(const base::EventSink& sink, const char* type,
                                               const std::string& subject) {
  return [sink, type, subject](std::string_view line) {
    sink({.type = type, .subject = subject, .text = std::string(line)});
  };
}

}  // namespace

engine::ImageId Day::build_service(const compose::Project& stack, const compose::Service& service,
                                   const BuildServices& request, engine::Engine& engine) {
  return build_service_image(stack, service,
                             {.arguments = request.arguments,
                              .cache = request.cache,
                              .pull = request.pull,
                              .leave_out = our_folders(surroundings_, project_),
                              .clock = clock_,
                              .sink = bus_.sink(),
                              .stop = stop_},
                             engine);
}

std::vector<ServiceImage> Day::build(const BuildServices& request) {
  const auto lock = locked("build");
  const auto stack = model_of(request.services, {});
  const auto names =
      in_build_order(stack, compose::meant_in_order(stack, request.services, request.with_dependencies));
  const Connection connection = connected(true);
  tell_support(builds_of(stack, names), connection.engine->version(), bus_.sink());
  std::vector<ServiceImage> built;
  std::vector<std::string> declared;
  for (const auto& name : names) {
    const auto& service = stack.services.at(name);
    if (is_declared(project_, service.image)) {
      declared.push_back(service.image);
    }
  }
  if (!declared.empty()) {
    const auto result = images::provide(project_.images, *connection.engine,
                                        {.project = project_.name,
                                         .project_folder = project_.folder,
                                         .cache_folder = surroundings_.cache_home(),
                                         .only = declared,
                                         .clock = clock_,
                                         .sink = bus_.sink(),
                                         .stop = stop_});
    for (const auto& image : result.images) {
      built.push_back({.service = {}, .image = image.name, .id = image.id});
    }
  }
  for (const auto& name : names) {
    const auto& service = stack.services.at(name);
    if (service.build && !is_declared(project_, service.image)) {
      built.push_back({name, service.image, build_service(stack, service, request, *connection.engine).hex});
    }
  }
  return built;
}

std::vector<ServiceImage> Day::pull(const std::vector<std::string>& services, bool with_dependencies,
                                    const std::string& policy, bool ignore_failures) {
  const auto stack = model_of(services, {});
  const Connection connection = connected(true);
  engine::Engine& engine = *connection.engine;
  const base::EventSink sink = bus_.sink();
  std::vector<ServiceImage> pulled;
  for (const auto& name : compose::meant_in_order(stack, services, with_dependencies)) {
    const auto& service = stack.services.at(name);
    const bool is_new = std::none_of(pulled.begin(), pulled.end(),
                                     [&](const ServiceImage& one) { return one.image == service.image; });
    if (service.build || is_declared(project_, service.image) || !is_new ||
        (policy == "missing" && engine.find_image(service.image, call(look_deadline)))) {
      continue;
    }
    const std::string subject = "image:" + service.image;
    base::StepScope step(sink, clock_, subject, "pulling");
    engine::PullRequest request;
    request.reference = compose::with_tag(service.image);
    request.platform = service.platform;
    try {
      const auto id =
          engine.pull(request, reported(sink, base::event_type::waiting, subject), call(work_deadline));
      step.finish("pulled", id.hex.substr(0, 12));
      pulled.push_back({name, service.image, id.hex});
    } catch (const engine::EngineError& error) {
      if (!ignore_failures || error.is_lost()) {
        throw;
      }
      step.finish("failed", error.message());
    }
  }
  return pulled;
}

std::vector<ServiceImage> Day::push(const std::vector<std::string>& services, bool with_dependencies,
                                    bool ignore_failures) {
  const auto stack = model_of(services, {});
  const Connection connection = connected(false);
  const base::EventSink sink = bus_.sink();
  std::vector<ServiceImage> pushed;
  for (const auto& name : compose::meant_in_order(stack, services, with_dependencies)) {
    const auto& service = stack.services.at(name);
    if (!service.build && !is_declared(project_, service.image)) {
      continue;
    }
    const std::string subject = "image:" + service.image;
    base::StepScope step(sink, clock_, subject, "pushing");
    try {
      std::vector<std::string> names{service.image};
      if (service.build) {
        names.insert(names.end(), service.build->tags.begin(), service.build->tags.end());
      }
      for (const auto& one : names) {
        connection.engine->push_image(
            one, std::nullopt, true, reported(sink, base::event_type::waiting, subject), call(work_deadline));
      }
      step.finish("pushed");
      pushed.push_back({name, service.image});
    } catch (const engine::EngineError& error) {
      if (!ignore_failures || error.is_lost()) {
        throw;
      }
      step.finish("failed", error.message());
    }
  }
  return pushed;
}

std::vector<std::pair<ServiceImage, std::optional<engine::Image>>> Day::service_images(
    const std::vector<std::string>& services) {
  const auto stack = model_of(services, {});
  const Connection connection = connected(false);
  std::vector<std::pair<ServiceImage, std::optional<engine::Image>>> result;
  for (const auto& name : compose::meant_in_order(stack, services, false)) {
    const auto& service = stack.services.at(name);
    auto image = connection.engine->find_image(service.image, call(look_deadline));
    result.emplace_back(ServiceImage{name, service.image, image ? image->id.hex : ""}, std::move(image));
  }
  return result;
}

}  // namespace fresh::pipeline
