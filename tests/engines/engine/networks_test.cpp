#include "engine/socket_engine.h"
#include "engines/engine/fixture.h"

namespace fresh::test {
namespace {

using engine::EngineError;
using engine::Fault;

TEST_F(EngineTest, ContainersFindEachOtherOnTheirNetworks) {
  for (const char* suffix : {"front", "back"}) {
    engine().create_network({.name = name(suffix), .labels = labels()}, call);
  }
  try {
    engine().create_network({.name = name("front"), .labels = labels()}, call);
    FAIL() << "a second network of one name was made";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.fault(), Fault::conflict);
  }
  auto server = shell("server", "sleep 60");
  server.network_mode.clear();
  server.networks = {{name("front"), {.aliases = {"web"}}}, {name("back"), {.aliases = {"store"}}}};
  engine().create_container(server, call);
  engine().start_container(server.name, call);
  const auto running = engine().find_container(server.name, call);
  ASSERT_EQ(running->addresses.size(), 2U);
  EXPECT_EQ(running->state, "running");
  for (const auto& [network, alias] : {std::pair{"front", "web"}, std::pair{"back", "store"}}) {
    auto client = shell(std::string("client-") + network, std::string("nslookup ") + alias);
    client.network_mode.clear();
    client.networks = {{name(network), {}}};
    EXPECT_EQ(run(client), 0) << output_of(client.name);
    EXPECT_NE(output_of(client.name).find(running->addresses.at(name(network))), std::string::npos);
  }
  try {
    engine().remove_network(name("front"), call);
    FAIL() << "a network in use was removed";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.fault(), Fault::conflict) << error.message();
  }
}

TEST_F(EngineTest, NetworkSaysWhatItIs) {
  engine().create_network({.name = name("n"),
                           .internal = true,
                           .labels = labels(),
                           .subnets = {{.subnet = "10.214.7.0/24", .gateway = "10.214.7.1"}}},
                          call);
  const auto network = engine().find_network(name("n"), call);
  ASSERT_TRUE(network);
  EXPECT_TRUE(network->internal);
  EXPECT_EQ(network->driver, "bridge");
  ASSERT_EQ(network->subnets.size(), 1U);
  EXPECT_EQ(network->subnets[0].subnet, "10.214.7.0/24");
  EXPECT_EQ(network->labels, labels());
  EXPECT_EQ(engine().list_networks(labels(), call).size(), 1U);
  EXPECT_TRUE(engine().remove_network(name("n"), call));
  EXPECT_FALSE(engine().find_network(name("n"), call));
}

TEST_F(EngineTest, ConnectsAndDisconnects) {
  engine().create_network({.name = name("n"), .labels = labels()}, call);
  engine().create_network({.name = name("m"), .labels = labels()}, call);
  auto spec = shell("a", "sleep 60");
  spec.network_mode.clear();
  spec.networks = {{name("n"), {}}};
  engine().create_container(spec, call);
  engine().connect_network(name("m"), spec.name, {.aliases = {"other"}}, call);
  engine().start_container(spec.name, call);
  EXPECT_EQ(engine().find_container(spec.name, call)->networks.size(), 2U);
  engine().disconnect_network(name("m"), spec.name, call);
  EXPECT_EQ(engine().find_container(spec.name, call)->networks.size(), 1U);
}

TEST_F(EngineTest, PublishedPortIsBoundAndTakenOnce) {
  engine().create_network({.name = name("n"), .labels = labels()}, call);
  auto spec = shell("a", "sleep 60");
  spec.network_mode.clear();
  spec.networks = {{name("n"), {}}};
  spec.ports = {{.container_port = 8080, .host_ip = "127.0.0.1"}};
  engine().create_container(spec, call);
  engine().start_container(spec.name, call);
  const auto ports = engine().find_container(spec.name, call)->ports;
  ASSERT_EQ(ports.size(), 1U);
  ASSERT_TRUE(ports[0].host_port);
  auto second = shell("b", "sleep 60");
  second.network_mode.clear();
  second.networks = {{name("n"), {}}};
  second.ports = {{.container_port = 8080, .host_port = ports[0].host_port, .host_ip = "127.0.0.1"}};
  engine().create_container(second, call);
  try {
    engine().start_container(second.name, call);
    FAIL() << "a port was published twice";
  } catch (const EngineError& error) {
    EXPECT_EQ(error.fault(), Fault::port_taken) << error.message();
    EXPECT_NE(error.hint().find(std::to_string(*ports[0].host_port)), std::string::npos)
        << error.message() << " / " << error.hint();
  }
}

}  // namespace
}  // namespace fresh::test
