#include "compose/plan.h"

#include "base/error.h"
#include "compose/run.h"
#include "support/fake_clock.h"
#include "support/fake_engine.h"
#include "unit/compose/project_text.h"

#include <gtest/gtest.h>

namespace fresh::compose {
namespace {

using test::project_of;

const std::string stack = R"(
name: shop
services:
  db:
    image: db:1
    volumes: ["data:/data"]
    healthcheck: {test: [CMD, ok], interval: 1s}
  init: {image: tool:1, depends_on: {db: {condition: service_healthy}}}
  web:
    image: web:1
    secrets: [key]
    depends_on:
      db: {condition: service_healthy}
      init: {condition: service_completed_successfully}
volumes: {data: {}}
secrets: {key: {file: key.txt}}
)";

class Plans : public testing::Test {
 protected:
  Plans() {
    for (const char* image : {"db:1", "tool:1", "web:1", "x"}) {
      engine_.add_image(image, image);
    }
    engine_.behaviour("shop-init-1").exit_code = 0;
  }
  std::string text(const Project& project, const PlanOptions& options = {}) {
    return to_text(plan(project, observe(engine_, project, {}), options));
  }
  void up(const Project& project, const PlanOptions& options = {}) {
    run(plan(project, observe(engine_, project, {}), options), project, engine_, {.clock = clock_});
  }
  test::FakeEngine engine_;
  test::FakeClock clock_;
};

TEST_F(Plans, AFirstUp) {
  EXPECT_EQ(text(project_of(stack)),
            "1 create network:shop_default (does not exist)\n"
            "2 create volume:shop_data (does not exist)\n"
            "3 create service:db:1 (does not exist) after 1 2\n"
            "4 start service:db:1 (is created) after 3\n"
            "5 probe service:db:1 (has a healthcheck) after 4\n"
            "6 create service:init:1 (does not exist) after 1\n"
            "7 prepare service:init:1 (waits for others) after 6\n"
            "8 start service:init:1 (is created) after 5 7\n"
            "9 wait service:init:1 (others wait for its end) after 8\n"
            "10 create service:web:1 (does not exist) after 1\n"
            "11 inject service:web:1 (has secrets or configs) after 10\n"
            "12 prepare service:web:1 (waits for others) after 11\n"
            "13 start service:web:1 (is created) after 5 9 12\n");
}

TEST_F(Plans, AStartThatWaitsIsPreparedWhereNobodySeesIt) {
  const auto prepared = [&](const std::string& more, engine::Flavor flavor = engine::Flavor::podman) {
    const Project project = project_of(
        "name: shop\nservices: {a: {image: x, ports: ['80:80'], volumes: ['shared:/s'], healthcheck: {test: "
        "[CMD, a]}}, "
        "b: {image: x, " +
        more +
        "depends_on: {a: {condition: service_healthy}}}}\n"
        "volumes: {shared: {}, own: {}, strange: {external: true}, again: {name: shop_shared}}");
    auto observed = observe(engine_, project, {});
    observed.flavor = flavor;
    observed.volumes["strange"].name = "strange";
    const auto made = plan(project, observed, {});
    return std::any_of(made.steps.begin(), made.steps.end(),
                       [](const Step& step) { return step.verb == Verb::prepare && step.service == "b"; });
  };
  EXPECT_TRUE(prepared(""));
  EXPECT_FALSE(prepared("", engine::Flavor::docker));
  EXPECT_TRUE(prepared("tmpfs: [/run], volumes: [/data, 'own:/own'], ports: ['90'], "));
  EXPECT_FALSE(prepared("volumes: ['shared:/data'], "));
  EXPECT_FALSE(prepared("volumes: ['strange:/data'], "));
  EXPECT_FALSE(prepared("volumes: ['again:/data'], "));
  EXPECT_FALSE(prepared("networks: {default: {aliases: [a]}}, "));
  EXPECT_FALSE(prepared("volumes: ['./here:/data'], "));
  EXPECT_FALSE(prepared("ports: ['8080:80'], "));
  EXPECT_FALSE(prepared("network_mode: 'service:a', "));
  EXPECT_FALSE(prepared("pid: 'service:a', "));
  EXPECT_EQ(text(project_of("name: shop\nservices: {a: {image: x}, b: {image: x, depends_on: [a]}}"))
                .find("prepare"),
            std::string::npos);
}

TEST_F(Plans, APreparationThatFailsLeavesTheRestToTheStart) {
  engine_.behaviour("shop-init-1").prepare_error =
      engine::EngineError(base::ExitCode::deploy, engine::Fault::failed, 500, "no");
  up(project_of(stack));
  EXPECT_EQ(text(project_of(stack)), "");
}

TEST_F(Plans, ASecondUpIsEmpty) {
  const Project project = project_of(stack);
  up(project);
  EXPECT_EQ(text(project), "");
}

TEST_F(Plans, AChangedConfigurationRecreatesItsServiceOnly) {
  up(project_of(stack));
  EXPECT_EQ(text(project_of(stack, {{"/p/key.txt", "s4"}})),
            "1 create service:web:1 (configuration changed)\n"
            "2 inject service:web:1 (has secrets or configs) after 1\n"
            "3 stop service:web:1 (configuration changed) after 2\n"
            "4 remove service:web:1 (configuration changed) after 3\n"
            "5 probe service:db:1 (web waits for it)\n"
            "6 rename service:web:1 (the old one is gone) after 2 4\n"
            "7 start service:web:1 (is created) after 5 6\n");
}

TEST_F(Plans, ARefusedCreationLeavesTheOldContainerAtWork) {
  const auto yaml = [](const char* tty) {
    return std::string("name: shop\nservices: {a: {image: x, tty: ") + tty +
           "}, b: {image: x, depends_on: {a: {condition: service_started, restart: true}}}}";
  };
  up(project_of(yaml("false")));
  engine_.behaviour("shop-a-1.next").create_error =
      engine::EngineError(base::ExitCode::deploy, engine::Fault::failed, 500, "no space left on device");
  EXPECT_THROW(up(project_of(yaml("true"))), base::Error);
  engine_.behaviour("shop-a-1.next").create_error.reset();
  engine_.behaviour("shop-b-1.next").create_error =
      engine::EngineError(base::ExitCode::deploy, engine::Fault::failed, 500, "no space left on device");
  EXPECT_THROW(up(project_of(yaml("true")), {.recreate = Recreate::always}), base::Error);
  const auto containers = engine_.list_containers({}, {});
  EXPECT_EQ(containers.size(), 2U);
  for (const auto& container : containers) {
    EXPECT_EQ(container.state, "running") << container.name;
  }
  EXPECT_TRUE(text(project_of(yaml("false"))).empty());
}

TEST_F(Plans, WhatIsHalfMadeIsNotStarted) {
  const Project project = project_of("name: shop\nservices: {a: {image: x}}");
  const Project changed = project_of("name: shop\nservices: {a: {image: x, tty: true}}");
  up(project);
  const auto steps = plan(changed, observe(engine_, changed, {}), {}).steps;
  engine_.create_container(std::get<engine::ContainerSpec>(steps.at(0).request), {});
  engine_.remove_container("shop-a-1", false, {});
  EXPECT_THROW(text(changed, {.create = false}), base::Error);
  EXPECT_THROW(text(changed, {.create = false, .restart = true}), base::Error);
  for (const Recreate policy : {Recreate::changed, Recreate::never}) {
    EXPECT_NE(text(changed, {.recreate = policy, .start = false}).find("create service:a:1 (is half made)"),
              std::string::npos);
  }
  // Another tool did start it: it is what it is called.
  engine_.start_container("shop-a-1.next", {});
  EXPECT_EQ(text(changed), "");
  EXPECT_EQ(text(changed, {.create = false, .restart = true}),
            "1 stop service:a:1 (asked for)\n2 start service:a:1 (asked for) after 1\n");
  up(changed, {.create = false, .restart = true});
}

TEST_F(Plans, FilesInVolumesAreNotChangedUnderTheOldContainer) {
  const auto yaml = [](const char* content) {
    return std::string(
               "name: shop\nservices: {a: {image: x, volumes: ['data:/d'], configs: [{source: c, target: "
               "/d/c}]}}\n"
               "volumes: {data: {}}\nconfigs: {c: {content: ") +
           content + "}}";
  };
  up(project_of(yaml("one")));
  EXPECT_EQ(text(project_of(yaml("two"))),
            "1 stop service:a:1 (configuration changed)\n"
            "2 remove service:a:1 (configuration changed) after 1\n"
            "3 create service:a:1 (configuration changed) after 2\n"
            "4 inject service:a:1 (has secrets or configs) after 3\n"
            "5 start service:a:1 (is created) after 4\n");
}

TEST_F(Plans, WhatAnInterruptedUpLeftIsCleared) {
  const Project project = project_of("name: shop\nservices: {a: {image: x}}");
  const Project changed = project_of("name: shop\nservices: {a: {image: x, tty: true}}");
  up(project);
  const auto steps = plan(changed, observe(engine_, changed, {}), {}).steps;
  engine_.create_container(std::get<engine::ContainerSpec>(steps.at(0).request), {});
  EXPECT_EQ(text(changed),
            "1 remove service:a:1 (is a second number 1)\n"
            "2 create service:a:1 (configuration changed) after 1\n"
            "3 stop service:a:1 (configuration changed) after 2\n"
            "4 remove service:a:1 (configuration changed) after 3\n"
            "5 rename service:a:1 (the old one is gone) after 2 4\n"
            "6 start service:a:1 (is created) after 5\n");
  engine_.remove_container("shop-a-1", false, {});
  EXPECT_EQ(text(changed),
            "1 create service:a:1 (is half made)\n"
            "2 remove service:a:1 (is half made) after 1\n"
            "3 start service:a:1 (is created) after 1 2\n");
  up(changed);
  EXPECT_EQ(text(changed), "");
}

TEST_F(Plans, WhoLivesInTheNamespaceOfAnotherIsMadeAfterIt) {
  const auto yaml = [](const char* tty) {
    return std::string("name: shop\nservices: {a: {image: x, tty: ") + tty +
           "}, b: {image: x, network_mode: 'service:a'}}";
  };
  up(project_of(yaml("false")));
  EXPECT_EQ(text(project_of(yaml("true"))),
            "1 create service:a:1 (configuration changed)\n"
            "2 stop service:b:1 (a is recreated) after 1\n"
            "3 remove service:b:1 (a is recreated) after 2\n"
            "4 stop service:a:1 (configuration changed) after 1 2\n"
            "5 remove service:a:1 (configuration changed) after 3 4\n"
            "6 rename service:a:1 (the old one is gone) after 1 5\n"
            "7 start service:a:1 (is created) after 6\n"
            "8 create service:b:1 (a is recreated) after 3 6\n"
            "9 start service:b:1 (is created) after 7 8\n");
}

TEST_F(Plans, AnotherFolderChangesNothing) {
  const std::string yaml = "name: shop\nservices: {a: {image: x, volumes: ['./d:/d']}}";
  up(project_of(yaml));
  auto request = test::request_of({{"/elsewhere/compose.yaml", yaml}});
  request.files = {"/elsewhere/compose.yaml"};
  EXPECT_EQ(text(load(request)), "");
}

TEST_F(Plans, ANewImageRecreates) {
  const Project project = project_of("name: shop\nservices: {a: {image: x}}");
  up(project);
  engine_.add_image("x", "other");
  EXPECT_EQ(text(project),
            "1 create service:a:1 (image changed)\n"
            "2 stop service:a:1 (image changed) after 1\n"
            "3 remove service:a:1 (image changed) after 2\n"
            "4 rename service:a:1 (the old one is gone) after 1 3\n"
            "5 start service:a:1 (is created) after 4\n");
}

TEST_F(Plans, WhatEndedIsStartedAndWhatWasNeverStartedIsMadeAnew) {
  const Project project = project_of("name: shop\nservices: {a: {image: x}, b: {image: x}}");
  up(project);
  engine_.end("shop-a-1", 2);
  engine_.remove_container("shop-b-1", false, {});
  for (const auto& step : plan(project, observe(engine_, project, {}), {}).steps) {
    if (const auto* spec = std::get_if<engine::ContainerSpec>(&step.request)) {
      engine_.create_container(*spec, {});
    }
  }
  EXPECT_EQ(text(project),
            "1 create service:b:1 (is only created)\n"
            "2 remove service:b:1 (is only created) after 1\n"
            "3 start service:a:1 (ended with 2)\n"
            "4 rename service:b:1 (the old one is gone) after 1 2\n"
            "5 start service:b:1 (is created) after 4\n");
}

TEST_F(Plans, ScalesUpAndDown) {
  up(project_of("name: shop\nservices: {a: {image: x, scale: 2}}"));
  EXPECT_EQ(text(project_of("name: shop\nservices: {a: {image: x, scale: 1}}")),
            "1 stop service:a:2 (more than 1)\n2 remove service:a:2 (more than 1) after 1\n");
  EXPECT_EQ(text(project_of("name: shop\nservices: {a: {image: x, scale: 3}}")),
            "1 create service:a:3 (does not exist)\n2 start service:a:3 (is created) after 1\n");
}

TEST_F(Plans, OrphansAreNotedOrRemoved) {
  up(project_of("name: shop\nservices: {a: {image: x}, old: {image: x}}"));
  const Project now = project_of("name: shop\nservices: {a: {image: x}}");
  EXPECT_EQ(text(now), "note: container 'shop-old-1' belongs to a service that the project does not have\n");
  EXPECT_EQ(text(now, {.remove_orphans = true}),
            "1 stop service:old:1 (no such service any more)\n"
            "2 remove service:old:1 (no such service any more) after 1\n");
}

TEST_F(Plans, DependentsThatAskForItAreRestarted) {
  const auto yaml = [](const std::string& tty) {
    return "name: shop\nservices: {a: {image: x, tty: " + tty +
           "}, b: {image: x, depends_on: {a: {condition: service_started, restart: true}}}}";
  };
  up(project_of(yaml("false")));
  EXPECT_EQ(text(project_of(yaml("true"))),
            "1 create service:a:1 (configuration changed)\n"
            "2 stop service:b:1 (a is recreated) after 1\n"
            "3 stop service:a:1 (configuration changed) after 1 2\n"
            "4 remove service:a:1 (configuration changed) after 3\n"
            "5 rename service:a:1 (the old one is gone) after 1 4\n"
            "6 start service:a:1 (is created) after 5\n"
            "7 start service:b:1 (a is recreated) after 2 6\n");
}

TEST_F(Plans, AChangedNetworkIsMadeAnewUnderItsServices) {
  const auto yaml = [](const std::string& internal) {
    return "name: shop\nservices: {a: {image: x, networks: [n]}}\nnetworks: {n: {internal: " + internal +
           "}}";
  };
  up(project_of(yaml("false")));
  EXPECT_EQ(text(project_of(yaml("true"))),
            "1 stop service:a:1 (network n changed)\n"
            "2 remove service:a:1 (network n changed) after 1\n"
            "3 remove network:shop_n (configuration changed) after 2\n"
            "4 create network:shop_n (configuration changed) after 3\n"
            "5 create service:a:1 (network n changed) after 2 4\n"
            "6 start service:a:1 (is created) after 5\n");
}

TEST_F(Plans, AMissingImageIsPulledButNotBuilt) {
  const Project project = project_of("name: shop\nservices: {a: {image: 'host/new'}}");
  EXPECT_EQ(text(project),
            "1 pull image:host/new (is not there)\n"
            "2 create network:shop_default (does not exist)\n"
            "3 create service:a:1 (does not exist) after 1 2\n"
            "4 start service:a:1 (is created) after 3\n");
  up(project);
  EXPECT_EQ(text(project), "");
  try {
    text(project_of("services: {a: {build: .}}"));
    ADD_FAILURE() << "an image that is to be built was taken as there";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.hint(), "build it: fresh-clone build a");
  }
  EXPECT_THROW(text(project_of("services: {a: {image: none, pull_policy: never}}")), base::Error);
}

TEST_F(Plans, ChosenServicesBringTheirDependencies) {
  const Project project =
      project_of("name: shop\nservices: {a: {image: x}, b: {image: x, depends_on: [a]}, c: {image: x}}");
  const std::string result = text(project, {.services = {"b"}});
  EXPECT_NE(result.find("service:a:1"), std::string::npos);
  EXPECT_EQ(result.find("service:c:1"), std::string::npos);
}

TEST_F(Plans, WaitingForHealthWithoutAHealthcheckIsRefused) {
  EXPECT_THROW(
      text(project_of(
          "services: {a: {image: x}, b: {image: x, depends_on: {a: {condition: service_healthy}}}}")),
      base::Error);
}

TEST_F(Plans, DownGoesBackwardsAndNeedsNoFile) {
  up(project_of(stack));
  EXPECT_EQ(to_text(plan_down(observe(engine_, "shop", {}), {.volumes = true})),
            "1 stop service:web:1 (down)\n"
            "2 remove service:web:1 (down) after 1\n"
            "3 remove service:init:1 (down) after 2\n"
            "4 stop service:db:1 (down) after 1\n"
            "5 remove service:db:1 (down) after 2 3 4\n"
            "6 remove network:shop_default (down) after 2 3 5\n"
            "7 remove volume:shop_data (down with volumes) after 2 3 5\n");
}

TEST_F(Plans, RequestsAreTheSameFromRunToRun) {
  const Project project = project_of(stack);
  const auto once = plan(project, observe(engine_, project, {}), {});
  const auto again = plan(project_of(stack), observe(engine_, project, {}), {});
  EXPECT_EQ(to_json(once), to_json(again));
  const auto& spec = std::get<engine::ContainerSpec>(once.steps.at(2).request);
  EXPECT_EQ(spec.labels, std::get<engine::ContainerSpec>(again.steps.at(2).request).labels);
  EXPECT_EQ(spec.labels.at("com.docker.compose.project"), "shop");
  EXPECT_EQ(spec.labels.at("com.docker.compose.container-number"), "1");
  EXPECT_EQ(spec.networks.at("shop_default").aliases, std::vector<std::string>{"db"});
  EXPECT_EQ(spec.mounts.at(0).source, "shop_data");
}

}  // namespace
}  // namespace fresh::compose
