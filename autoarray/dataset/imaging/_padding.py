"""What an image's user is told where the PSF reaches past the edge of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray import exc
from autoarray._warnings import warn
from autoarray.mask import mask_2d_util

if TYPE_CHECKING:
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators.convolver import Convolver


def warn_of_padding(mask: Mask2D, psf: Convolver) -> None:
    """Warn of a mask whose unmasked pixels lie nearer to the edge of the image than its PSF reaches.

    An image without masked pixels has no room around it by design, and gives no warning.
    """
    shape, reach = mask.shape_native, psf.kernel_shape_image_resolution
    needed = mask_2d_util.required_shape_for_kernel(mask.array, reach)
    if needed == shape or mask.is_all_false:
        return
    past = max(needed[0] - shape[0], needed[1] - shape[1]) // 2
    fitting = (reach[0] - needed[0] + shape[0], reach[1] - needed[1] + shape[1])
    # PyAutoArray's warning begins with the same words, by which programs know it.
    warn(
        f"Mask padded from {shape} to {needed}, as the PSF of {reach} pixels reaches {past} pixels past the edge of "
        "the image: light that no data tell of is blurred into unmasked pixels; mask more pixels at the edge, or use a "
        f"larger image, or trim the PSF to {fitting} pixels",
        exc.DatasetWarning,
    )
