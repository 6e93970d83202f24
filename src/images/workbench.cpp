#include "images/workbench.h"

#include "base/error.h"
#include "engine/labels.h"

#include <fmt/core.h>

namespace fresh::images {

std::string subject_of(const std::string& image) {
  return fmt::format("image:{}", image);
}

void Workbench::log(const std::string& image, std::string_view line) const {
  options.sink({.type = base::event_type::log_line, .subject = subject_of(image), .text = std::string(line)});
}

engine::Labels Workbench::labels(const std::string& key) const {
  return {{engine::labels::tool, "fresh-clone"},
          {engine::labels::project, options.project},
          {engine::labels::inputs, key}};
}

std::optional<engine::Image> find_made(engine::EngineReader& engine, const std::string& name,
                                       const std::string& key, const engine::Call& call) {
  auto image = engine.find_image(name, call);
  if (image) {
    const auto label = image->labels.find(engine::labels::inputs);
    if (label == image->labels.end() || label->second != key) {
      return std::nullopt;
    }
  }
  return image;
}

std::string architecture_for(const std::vector<ImageSpec>& specs, engine::EngineReader& engine,
                             const ProvideOptions& options) {
  if (!options.architecture.empty()) {
    return options.architecture;
  }
  const engine::Call call{.deadline = look_deadline, .stop = options.stop};
  bool has_base = false;
  for (const ImageSpec& spec : specs) {
    if (!std::holds_alternative<BaseSource>(spec.source)) {
      continue;
    }
    has_base = true;
    const auto image = engine.find_image(spec.name, call);
    if (image && image->labels.contains(engine::labels::inputs) && !image->architecture.empty()) {
      return image->architecture;
    }
  }
  return has_base ? engine.info(call).architecture : std::string();
}

engine::Image confirm(const Workbench& bench, const std::string& name, const std::string& id) {
  auto image = bench.engine.find_image(name, bench.call(look_deadline));
  if (!image || image->id.hex != id) {
    throw base::Error(
        base::ExitCode::deploy,
        fmt::format("the engine does not show the image that was just made: '{}' is {}, expected {}", name,
                    image ? image->id.hex : "missing", id),
        "look for another program that uses the same image names");
  }
  return *std::move(image);
}

ImageRecord record_of(const std::string& name, const engine::Image& image, std::string source) {
  return {.name = name,
          .id = image.id.hex,
          .layers = image.layers,
          .digest = {},
          .source = std::move(source),
          .inputs_key = {},
          .lock_digest = {},
          .base = {},
          .size = image.size};
}

}  // namespace fresh::images
