"""Random numbers that are the same on every machine and in every release of Python."""

import hashlib
import math

MASK = (1 << 64) - 1


class Dice:
    """A SplitMix64 stream, chosen by the seed and a name: drawing more from one stream moves no other."""

    def __init__(self, seed: int, stream: str):
        self._state = int.from_bytes(hashlib.sha256(f"{seed}/{stream}".encode()).digest()[:8], "big")

    def bits(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def unit(self) -> float:
        """A number in [0, 1)."""
        return (self.bits() >> 11) / (1 << 53)

    def below(self, n: int) -> int:
        return (self.bits() * n) >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def choice(self, options):
        return options[self.below(len(options))]

    def weighted(self, options, weights):
        mark = self.unit() * sum(weights)
        for option, weight in zip(options, weights):
            mark -= weight
            if mark < 0:
                return option
        return options[-1]

    def sample(self, options, n: int) -> list:
        """n different options, in the order they were drawn."""
        pool = list(options)
        for i in range(n):
            j = i + self.below(len(pool) - i)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:n]

    def lognormal(self, median: float, sigma: float) -> float:
        u, v = 1.0 - self.unit(), self.unit()
        return median * math.exp(sigma * math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v))
