#include "pipeline/service_state.h"

#include <gtest/gtest.h>

namespace fresh::pipeline {
namespace {

compose::Service service(bool check, bool one_shot = false) {
  compose::Service result;
  if (check) {
    result.healthcheck = engine::Healthcheck{.test = {"CMD", "true"}};
  }
  result.restart_written = one_shot;
  result.restart = one_shot ? "no" : "";
  return result;
}

compose::Project stack(std::map<std::string, compose::Service> services) {
  compose::Project project;
  project.services = std::move(services);
  return project;
}

compose::ServiceStatus found(std::string name, std::string state, int exit_code = 0) {
  return {.service = name,
          .container = "p-" + name + "-1",
          .state = std::move(state),
          .exit_code = exit_code,
          .ports = {}};
}

bool ok(const compose::Project& project, const std::vector<compose::ServiceStatus>& statuses,
        const std::map<std::string, bool>& probed) {
  const auto states = service_states(project, statuses, probed);
  return healthy_services(project, states).begin()->second;
}

TEST(ServiceState, NeedsOwnEvidenceWhereACheckIsDeclared) {
  const auto project = stack({{"db", service(true)}});
  EXPECT_TRUE(ok(project, {found("db", "running")}, {{"db", true}}));
  EXPECT_FALSE(ok(project, {found("db", "running")}, {{"db", false}}));
  EXPECT_FALSE(ok(project, {found("db", "running")}, {}));
}

TEST(ServiceState, WhatNobodyProbedIsNeitherHealthyNorWrong) {
  const auto states = service_states(stack({{"db", service(true)}}), {found("db", "running")}, {});
  EXPECT_EQ(states[0].health, "not probed");
  EXPECT_TRUE(states[0].ok);
}

TEST(ServiceState, AServiceThatEndedWithZeroIsFineOnlyAsAOneShot) {
  EXPECT_TRUE(ok(stack({{"job", service(false, true)}}), {found("job", "exited")}, {}));
  EXPECT_FALSE(ok(stack({{"job", service(false, true)}}), {found("job", "exited", 1)}, {}));
  EXPECT_FALSE(ok(stack({{"web", service(false)}}), {found("web", "exited")}, {}));
  EXPECT_FALSE(ok(stack({{"web", service(true, true)}}), {found("web", "exited")}, {{"web", true}}));
}

TEST(ServiceState, AMissingServiceIsNamed) {
  const auto states = service_states(stack({{"db", service(false)}}), {}, {});
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states[0].state, "missing");
  EXPECT_FALSE(states[0].ok);
}

TEST(ServiceState, OneBadReplicaMakesTheServiceBad) {
  const auto project = stack({{"web", service(false)}});
  EXPECT_FALSE(ok(project, {found("web", "running"), found("web", "exited", 1)}, {}));
}

TEST(ServiceState, ADisabledCheckIsNoCheck) {
  auto web = service(true);
  web.healthcheck->test = {"NONE"};
  EXPECT_TRUE(ok(stack({{"web", web}}), {found("web", "running")}, {}));
}

}  // namespace
}  // namespace fresh::pipeline
