"""Where households live: states by their number of people (US Census Bureau, Vintage 2019 estimates)."""

import numpy as np
from numpy.typing import NDArray

from engine.facts import Objects

MILLIONS = (
    "CA 39.5 TX 29.0 FL 21.5 NY 19.5 PA 12.8 IL 12.7 OH 11.7 GA 10.6 NC 10.5 MI 10.0 NJ 8.9 VA 8.5 WA 7.6 AZ 7.3 "
    "MA 6.9 TN 6.8 IN 6.7 MO 6.1 MD 6.0 WI 5.8 CO 5.8 MN 5.6 SC 5.1 AL 4.9 LA 4.6 KY 4.5 OR 4.2 OK 4.0 CT 3.6 UT 3.2 "
    "IA 3.2 NV 3.1 AR 3.0 MS 3.0 KS 2.9 NM 2.1 NE 1.9 WV 1.8 ID 1.8 HI 1.4 NH 1.4 ME 1.3 MT 1.1 RI 1.1 DE 1.0 SD 0.9 "
    "ND 0.8 AK 0.7 DC 0.7 VT 0.6 WY 0.6"
)


def draw_regions(random: np.random.Generator, users: int) -> Objects:
    """ISO 3166-2 codes, independent of everything else about a household."""
    words = MILLIONS.split()
    names: NDArray[np.object_] = np.array([f"US-{state}" for state in words[::2]], dtype=object)
    millions = np.array(words[1::2], dtype=np.float64)
    return names[random.choice(len(names), users, p=millions / millions.sum())]
