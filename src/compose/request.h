#pragma once

#include "compose/spec.h"
#include "engine/types.h"

#include <optional>
#include <string>

namespace fresh::compose {

/// `<project>-<service>-<number>`, or container_name.
std::string container_name(const Project& project, const Service& service, int number);

/// What the engine is asked for, byte for byte the same for the same project (the labels and
/// names of docker compose): sorted maps, the labels of docker compose and ours. `image` fills the image
/// label when it is known.
engine::ContainerSpec container_request(const Project& project, const Service& service, int number,
                                        const std::optional<engine::ImageId>& image);

/// The same for a one-off container: no published ports, no restart, no container_name, label oneoff.
engine::ContainerSpec one_off_request(const Project& project, const Service& service, const std::string& name,
                                      const std::optional<engine::ImageId>& image);

engine::NetworkSpec network_request(const Project& project, const Network& network);
engine::VolumeSpec volume_request(const Project& project, const Volume& volume);

/// The value of the image label: `sha256:...`.
std::string image_label(const engine::ImageId& image);

/// `name` with the tag that engines assume: `:latest` unless it has a tag or digest.
std::string with_tag(const std::string& reference);

}  // namespace fresh::compose
