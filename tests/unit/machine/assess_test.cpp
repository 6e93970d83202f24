#include "machine/assess.h"

#include <gtest/gtest.h>

namespace fresh::machine {
namespace {

constexpr std::int64_t gib = std::int64_t{1024} * 1024 * 1024;

const MachineSpec spec{.wanted = {4, 8192, 50}, .minimum = {2, 6144, 20}};

engine::Info host(std::int64_t cpus, std::int64_t memory, std::int64_t disk) {
  engine::Info info;
  info.cpus = cpus;
  info.memory = memory;
  info.disk_free = disk;
  return info;
}

TEST(Assess, AHostOfTheWantedSizePassesWithoutAWord) {
  const Verdict verdict = assess(spec, {}, host(4, 8 * gib, 50 * gib));
  EXPECT_TRUE(verdict.ok);
  EXPECT_TRUE(verdict.notes.empty());
  ASSERT_EQ(verdict.figures.size(), 3U);
  EXPECT_EQ(verdict.figures[1].expected, "at least 6144 MiB (machine.minimum.memory_mb)");
  EXPECT_EQ(verdict.figures[1].found, "8192 MiB");
}

TEST(Assess, LessThanWantedIsSaidNotFailed) {
  const Verdict verdict = assess(spec, {}, host(2, 7 * gib, 30 * gib));
  EXPECT_TRUE(verdict.ok);
  ASSERT_EQ(verdict.notes.size(), 3U);
  EXPECT_EQ(verdict.notes[0], "the engine has 2 cpus, less than the wanted 4");
  EXPECT_EQ(verdict.notes[2], "the engine has 30 GiB free disk, less than the wanted 50 GiB");
}

TEST(Assess, LessThanTheMinimumFailsWithExpectedFoundAndRemedy) {
  const Verdict verdict = assess(spec, {}, host(1, 8 * gib, 50 * gib));
  EXPECT_FALSE(verdict.ok);
  ASSERT_EQ(verdict.failures.size(), 1U);
  EXPECT_EQ(verdict.failures[0], "the engine has 1 cpus, expected at least 2 (machine.minimum.cpus)");
  EXPECT_EQ(verdict.remedy, "use a host with at least 2 cpus, or lower machine.minimum.cpus");
}

TEST(Assess, ANumberInAFlagIsADemand) {
  const Verdict verdict = assess(spec, {.cpus = 999}, host(4, 8 * gib, 50 * gib));
  EXPECT_FALSE(verdict.ok);
  ASSERT_EQ(verdict.failures.size(), 1U);
  EXPECT_EQ(verdict.failures[0], "the engine has 4 cpus, expected at least 999 (--podman-cpus)");
  EXPECT_NE(verdict.remedy.find("--podman-cpus"), std::string::npos);
  EXPECT_TRUE(assess(spec, {.cpus = 4}, host(4, 8 * gib, 50 * gib)).ok);
}

TEST(Assess, AFlagCannotLowerTheMinimum) {
  EXPECT_FALSE(assess(spec, {.cpus = 1}, host(1, 8 * gib, 50 * gib)).ok);
}

TEST(Assess, WhatTheEngineDoesNotTellIsSaidAndMeetsNoFlag) {
  const Verdict verdict = assess(spec, {}, host(4, 8 * gib, 0));
  EXPECT_TRUE(verdict.ok);
  ASSERT_EQ(verdict.notes.size(), 1U);
  EXPECT_EQ(verdict.notes[0],
            "the engine does not tell its free disk, expected at least 20 GiB (machine.minimum.disk_gb)");
  EXPECT_EQ(verdict.figures[2].found, "unknown");
  EXPECT_FALSE(assess(spec, {.disk_gb = 50}, host(4, 8 * gib, 0)).ok);
}

TEST(Assess, AFullDiskIsNotAnUnknownOne) {
  const Verdict verdict = assess(spec, {}, host(4, 8 * gib, 1000));
  EXPECT_FALSE(verdict.ok);
  EXPECT_EQ(verdict.figures[2].found, "0 GiB");
}

}  // namespace
}  // namespace fresh::machine
