"""The figures of a dataset, of a reconstruction, and of what each part of it maps to.

python examples/draw_gallery.py [FOLDER]

The figures are written to FOLDER, as gallery_dataset.png, gallery_mapper.png and gallery_mappings.png.
"""

import sys
import tempfile

import draw_meshes

import autoarray as aa
import autoarray.plot as aplt


def main(folder):
    dataset = draw_meshes.dataset()
    image_mesh = aa.image_mesh.Overlay(shape=(26, 26))
    vertices = image_mesh.image_plane_mesh_grid_from(mask=dataset.mask)
    mesh = aa.mesh.Delaunay(pixels=len(vertices))
    fit = draw_meshes.fit_from(dataset, mesh, aa.reg.ConstantSplit(coefficient=5.0), None, vertices)
    figures = {
        "gallery_dataset": aplt.subplot_imaging_dataset(dataset),
        "gallery_mapper": aplt.subplot_of_mapper(fit.inversion),
        "gallery_mappings": aplt.subplot_mappings(fit.inversion),
    }
    for name, figure in figures.items():
        aplt.save_figure(figure, folder, name, dpi=75)
    print("log evidence of the fit:", round(float(fit.log_evidence), 3))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(folder)
