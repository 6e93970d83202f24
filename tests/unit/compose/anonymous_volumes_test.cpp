#include "compose/anonymous_volumes.h"

#include "compose/plan.h"
#include "engine/labels.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

const std::string hex(64, 'a');

engine::Mount volume(const std::string& source, const std::string& target) {
  engine::Mount mount;
  mount.type = engine::MountType::volume;
  mount.source = source;
  mount.target = target;
  return mount;
}

TEST(AnonymousVolumes, AreThoseOfTheServiceAndOfTheImageWhereNothingElseIsMounted) {
  Service service;
  service.mounts = {volume("", "/cache"), volume("named", "/data")};
  engine::Mount bind;
  bind.target = "/etc/app";
  service.mounts.push_back(bind);
  engine::Image image;
  image.volumes = {"/data", "/etc/app", "/var/lib/app"};
  EXPECT_EQ(anonymous_targets(service, nullptr), (std::set<std::string>{"/cache"}));
  EXPECT_EQ(anonymous_targets(service, &image), (std::set<std::string>{"/cache", "/var/lib/app"}));
}

TEST(AnonymousVolumes, HaveNamesThatAnEngineMade) {
  EXPECT_TRUE(is_anonymous_volume(volume(hex, "/x")));
  EXPECT_FALSE(is_anonymous_volume(volume("shop_data", "/x")));
  EXPECT_FALSE(is_anonymous_volume(volume(std::string(64, 'g'), "/x")));
  engine::Mount bind;
  bind.source = hex;
  EXPECT_FALSE(is_anonymous_volume(bind));
}

TEST(AnonymousVolumes, ThatWereHandedOnGoWithTheContainerThatHasThem) {
  Observed observed;
  engine::Container container;
  container.name = "shop-web-1";
  container.state = "exited";
  container.labels = {{engine::labels::compose_service, "web"},
                      {engine::labels::compose_container_number, "1"},
                      {engine::labels::inherited_volumes, hex + "," + std::string(64, 'b')}};
  observed.containers = {container};
  EXPECT_EQ(to_text(plan_down(observed, {})),
            "1 remove service:web:1 (down)\n"
            "2 remove volume:" +
                hex +
                " (down) after 1\n"
                "3 remove volume:" +
                std::string(64, 'b') + " (down) after 1\n");
  EXPECT_EQ(plan_down(observed, {.anonymous_volumes = false}).steps.size(), 1U);
}

}  // namespace
}  // namespace fresh::compose
