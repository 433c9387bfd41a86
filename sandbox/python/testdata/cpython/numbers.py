# Numbers: integers, floats, Decimal, Fraction, math, statistics, random.
# --- integers
[7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, divmod(-7, 2), 2 ** 10, 2 ** -1, (-2) ** 3, 0 ** 0, 7 / 2, 6 / 3, -2 ** 2, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 10, -16 >> 2, int(-3.9), abs(-5), pow(3, 4, 5), pow(3, -1, 7), True + True, 10 // 3 * 3 + 10 % 3]
# --- big integers
n = 2 ** 200
[n, n % 1000007, len(str(3 ** 1000)), n // 10 ** 50, -n >> 190, (10 ** 50 + 1) * (10 ** 50 - 1), n.bit_length(), int("9" * 60), 123456789 ** 5, hex(2 ** 70), n == float(n), int(1e30)]
# --- integer methods
[(5).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "little"), (-1).to_bytes(2, "big", signed=True), (10).bit_count(), (5).as_integer_ratio(), (3).conjugate(), int.from_bytes(b"\xff", "big", signed=True), 1_000_000, 0xff, 0o17, 0b101, bin(10), oct(8), hex(-255)]
# --- division by zero
1 // 0
# --- division of floats by zero
1.0 / 0
# --- modulo of zero
5 % 0
# --- floats
[0.1 + 0.2, 1 / 3, 1e16 + 1, 2.0 ** 0.5, 1e308 * 10 == float("inf"), float("nan") != float("nan"), 7.5 // 2, -7.5 % 2, 3.0, 1e22, 1e21, 123456789012345680.0, 1.5e-10, -0.0 == 0.0, (0.5).as_integer_ratio(), (2.5).is_integer(), (3.0).is_integer(), (0.1).hex(), float.fromhex("0x1.8p1"), int(2.99), 5 // 0.3]
# --- rounding
[round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.567, -2), round(1234567, -3), round(0.5), round(1.5), type(round(1.0)).__name__, type(round(1.0, 1)).__name__, round(1e20), round(5.015, 2), round(-0.4), round(15, -1), round(25, -1)]
# --- float to integer
int(float("nan"))
# --- a power that is too large
2.0 ** 10000
# --- complex
z = 3 + 4j
[abs(z), str(z * 1j), z.real, z.conjugate().imag, str((-1) ** 0.5)[:6], str(complex("1+2j")), z == complex(3, 4), str(-z), str(1j ** 2)]
# --- comparison of kinds
[1 == 1.0 == True, 1 < 1.5 < 2, 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53 + 1), hash(1) == hash(1.0), 0.1 + 0.2 == 0.3, abs(0.1 + 0.2 - 0.3) < 1e-9, isinstance(True, int), 3 == "3", None == 0, [] == ()]
# --- kinds that do not compare
1 < "a"
# --- chained comparison
x = 5
[1 < x < 10, 1 < x > 3, 1 == 1 != 2, not 1 < 0, x if x > 3 else 0, x and 0 or 7, None or [] or "last", 1 and 2 and 3]
# --- math
import math
[math.floor(-2.5), math.ceil(2.1), math.trunc(-2.7), math.gcd(12, 18, 30), math.lcm(4, 6), math.factorial(10), math.comb(5, 2), math.perm(5, 2), math.isqrt(17), math.sqrt(16), math.hypot(3, 4), math.prod([1, 2, 3, 4]), math.fsum([0.1] * 10), math.copysign(1, -0.0), math.fmod(-7, 3), math.modf(2.5), math.frexp(8.0), math.ldexp(0.5, 4), math.isclose(0.1 + 0.2, 0.3), math.dist([0, 0], [3, 4])]
# --- functions of math
import math
[round(f, 9) for f in (math.pi, math.e, math.tau, math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.log1p(1e-5), math.exp(1), math.sin(1), math.cos(1), math.tan(1), math.asin(0.5), math.atan2(1, -1), math.sinh(1), math.degrees(math.pi), math.radians(180), math.erf(0.5), math.gamma(5), math.cbrt(27), math.exp2(3), math.pow(2, 0.5))]
# --- math out of its domain
import math
math.sqrt(-1)
# --- logarithm of zero
import math
math.log(0)
# --- infinities
import math
[math.isnan(math.nan), math.isinf(-math.inf), math.inf > 10 ** 400, min(math.inf, 5), math.isfinite(1e308), math.inf - math.inf != 0, max(float("-inf"), -1e308), sorted([math.inf, 1, -math.inf])[1], 1 / math.inf]
# --- statistics
import statistics as s
d = [2, 4, 4, 4, 5, 5, 7, 9]
[s.mean(d), s.median(d), s.mode(d), s.multimode("aabb"), s.pstdev(d), round(s.stdev(d), 6), s.median_low(d), s.median_high([1, 2]), round(s.variance(d), 6), s.pvariance(d), s.quantiles([1, 2, 3, 4, 5]), round(s.harmonic_mean([40, 60]), 6), round(s.geometric_mean([1, 2, 4]), 6), s.fmean([1, 2]), round(s.correlation([1, 2, 3], [1, 2, 3.5]), 6), round(s.linear_regression([1, 2, 3], [2, 4, 6]).slope, 6), s.median([1, 3, 2])]
# --- statistics of nothing
import statistics
statistics.mean([])
# --- normal distribution
from statistics import NormalDist
n = NormalDist(100, 15)
[round(n.cdf(115), 6), round(n.inv_cdf(0.975), 4), n.mean, round(n.zscore(130), 3), round(NormalDist.from_samples([1, 2, 3]).stdev, 6)]
# --- Decimal
from decimal import Decimal, getcontext, ROUND_HALF_UP, ROUND_DOWN, localcontext
d = Decimal("10.25")
with localcontext() as c:
    c.prec = 5
    third = Decimal(1) / 3
[str(Decimal("0.1") + Decimal("0.2")), str(d.quantize(Decimal("0.1"))), str(d.quantize(Decimal("0.1"), ROUND_HALF_UP)), str(third), str(Decimal(1) / 3), str(d.quantize(Decimal(1), rounding=ROUND_DOWN)), str(Decimal(0.1))[:20], str(d % 3), str(-d), str(d ** 2), Decimal("1.0") == 1, str(Decimal("1E+2").normalize()), str(Decimal("100").normalize()), int(d), float(d), str(d.sqrt()), str(sum([Decimal("1.10")] * 3)), d.as_tuple().exponent, str(Decimal("NaN")), Decimal("Infinity") > d, str(round(d, 1)), repr(d), str(Decimal("1.30").normalize()), str(max(Decimal(1), Decimal("1.5"))), getcontext().prec]
# --- money
from decimal import Decimal, ROUND_HALF_UP
prices = ["19.99", "5.01", "0.10"]
total = sum(map(Decimal, prices))
tax = (total * Decimal("0.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)
[str(total), str(tax), str(total + tax), f"{total + tax:.2f}", float(total)]
# --- a text that is no decimal
from decimal import Decimal
try:
    Decimal("x")
except ArithmeticError as e:
    r = type(e).__name__
r
# --- decimals and floats do not mix
from decimal import Decimal
Decimal("1") + 1.5
# --- decimals by zero
from decimal import Decimal
Decimal(1) / 0
# --- Fraction
from fractions import Fraction as F
f = F(3, 4)
[str(f + F(1, 4)), str(f * 2), str(F("0.125")), str(F(0.5)), str(F(1, 3).limit_denominator(2)), f.numerator, str(f ** 2), float(f), str(F(22, 7) - 3), str(sum([F(1, 10)] * 3)), f > 0.7, round(F(7, 2)), str(F(3.14159).limit_denominator(100)), repr(F(6, -8)), F(4, 2) == 2, str(F(7, 3) // 1), int(F(7, 3))]
# --- a fraction of zero
from fractions import Fraction
Fraction(1, 0)
# --- random with a seed
import random
random.seed(42)
a = [random.randint(1, 100) for _ in range(5)]
b = random.Random(42)
[a, [b.randint(1, 100) for _ in range(5)] == a, round(random.random(), 12), random.choice("abcdef"), random.sample(range(100), 5), random.shuffle(a) or a, random.choices("ab", k=5, weights=[1, 9]), round(random.uniform(1, 2), 12), random.randrange(0, 100, 5), round(random.gauss(0, 1), 9), random.getrandbits(64), random.randbytes(4), round(random.triangular(), 9)]
# --- random of a text
import random
r = random.Random("a seed")
[r.randint(0, 1000) for _ in range(4)] + [round(r.random(), 12)]
# --- random without a seed
import random
[0 <= random.random() < 1, random.choice([1]) == 1, sorted(random.sample([3, 1, 2], 3)), 1 <= random.randint(1, 6) <= 6, len(set(random.random() for _ in range(100))) == 100]
# --- choice of nothing
import random
random.choice([])
# --- primes
def sieve(n):
    p = [True] * (n + 1)
    p[:2] = [False] * 2
    for i in range(2, int(n ** 0.5) + 1):
        if p[i]:
            p[i * i::i] = [False] * len(p[i * i::i])
    return [i for i, x in enumerate(p) if x]
def factors(n):
    out, d = [], 2
    while d * d <= n:
        while n % d == 0:
            out.append(d)
            n //= d
        d += 1
    return out + ([n] if n > 1 else [])
[sieve(50), len(sieve(10000)), factors(360), factors(600851475143), all(97 % i for i in range(2, 97))]
# --- bases
def base(n, b, digits="0123456789abcdefghijklmnopqrstuvwxyz"):
    return digits[n] if n < b else base(n // b, b) + digits[n % b]
def roman(n):
    out = ""
    for v, s in zip([1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1], "M CM D CD C XC L XL X IX V IV I".split()):
        out += s * (n // v)
        n %= v
    return out
[base(255, 16), base(10**9, 36), int("zz", 36), roman(1994), [int(d) for d in str(2**20)], sum(map(int, str(2**100)))]
# --- fibonacci and collatz
a, b, out = 0, 1, []
while len(out) < 12:
    out.append(a)
    a, b = b, a + b
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
[out, max(range(1, 200), key=collatz), collatz(27)]
# --- numbers as results
from decimal import Decimal
from fractions import Fraction
[1, 1.0, -0.0, 1e100, 10**30, float("nan"), float("inf"), Decimal("1.5"), Decimal("3"), Decimal("0.1234567890123456789"), Fraction(1, 3), 2 + 1j, True]
# --- hash of a long integer
hash(2**61 - 1)
# --- abstract numbers
import numbers
from decimal import Decimal
from fractions import Fraction
[isinstance(1, numbers.Integral), isinstance(1.5, numbers.Real), isinstance(1j, numbers.Complex), isinstance(Fraction(1), numbers.Rational), isinstance(Decimal(1), numbers.Number), isinstance(Decimal(1), numbers.Real), isinstance(True, numbers.Integral)]
