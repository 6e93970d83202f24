#pragma once

#include "engine/types.h"

#include <nlohmann/json_fwd.hpp>

namespace fresh::engine {

/// An image or container as inspected; both dialects, whose names differ in few places.
Image image_from(const nlohmann::json& answer);
/// An entry of a list of images: without layers and configuration.
Image listed_image_from(const nlohmann::json& answer);
/// `sha256:<hex>` or `<hex>`.
ImageId image_id_from(const std::string& text);
Container container_from(const nlohmann::json& answer);
Container listed_container_from(const nlohmann::json& answer);

}  // namespace fresh::engine
