#include "images/list.h"

#include "engine/labels.h"
#include "images/cache.h"
#include "images/keys.h"
#include "images/order.h"
#include "images/workbench.h"

#include <map>
#include <optional>

namespace fresh::images {
namespace {

/// The key an image should have now, nothing where that cannot be known.
std::optional<std::string> wanted_key(const ImageSpec& spec, const std::map<std::string, std::string>& known,
                                      const InputCache& cache, const std::string& architecture,
                                      const std::filesystem::path& project) {
  if (const auto* base = std::get_if<BaseSource>(&spec.source)) {
    const auto system =
        find_base_system(*base, architecture, lock_text(project, base->lock), base->lock, cache);
    return system ? std::optional(base_key(*system)) : std::nullopt;
  }
  const auto& build = std::get<BuildSource>(spec.source);
  const auto parent = known.find(build.from);
  return parent == known.end()
             ? std::nullopt
             : std::optional(build_key(build, project, lock_text(project, build.lock), parent->second));
}

}  // namespace

std::string_view shown(State state) {
  switch (state) {
    case State::missing:
      return "missing";
    case State::up_to_date:
      return "up to date";
    case State::stale:
      return "stale";
    case State::unchecked:
      return "unchecked";
  }
  return "";
}

std::vector<ListedImage> list(const std::vector<ImageSpec>& specs, engine::EngineReader& engine,
                              const ProvideOptions& options) {
  const engine::Call call{.deadline = look_deadline, .stop = options.stop};
  const InputCache cache(options.cache_folder);
  const std::vector<ImageSpec> wanted = in_order(needed_for(specs, options.only));
  const std::string architecture = architecture_for(wanted, engine, options);
  std::map<std::string, std::string> keys;
  std::vector<ListedImage> images;
  for (const ImageSpec& spec : wanted) {
    const bool pulled = std::holds_alternative<PullSource>(spec.source);
    ListedImage listed{.name = spec.name,
                       .kind = pulled                                            ? "pull"
                               : std::holds_alternative<BaseSource>(spec.source) ? "base"
                                                                                 : "build",
                       .state = State::missing,
                       .id = {}};
    const auto image = engine.find_image(spec.name, call);
    const auto key =
        pulled ? std::nullopt : wanted_key(spec, keys, cache, architecture, options.project_folder);
    if (key) {
      keys.emplace(spec.name, *key);
    }
    if (image) {
      listed.id = image->id.hex;
      const auto label = image->labels.find(engine::labels::inputs);
      if (pulled) {
        keys.emplace(spec.name, pulled_key(image->id.hex));
        listed.state = State::up_to_date;
      } else if (!key) {
        listed.state = State::unchecked;
      } else {
        listed.state =
            label != image->labels.end() && label->second == *key ? State::up_to_date : State::stale;
      }
    }
    images.push_back(std::move(listed));
  }
  return images;
}

}  // namespace fresh::images
