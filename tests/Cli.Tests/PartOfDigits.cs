using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Cli.Tests;

/// <summary>A folder with IDX files of some of the built-in digits, for work that would take long on all of them.</summary>
internal static class PartOfDigits
{
    /// <summary>Writes the first images of each part.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, int train, int test)
    {
        Dataset digits = BuiltInDigits.Read();
        Directory.CreateDirectory(folder);
        Write(folder, "train", digits.Train, train);
        Write(folder, "t10k", digits.Test, test);
        return folder;
    }

    private static void Write(string folder, string part, ImageSet images, int count)
    {
        byte[] pixels = images.Pixels[..(count * images.PixelsPerImage)].ToArray();
        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"),
            IdxBytes.Images(count, images.Height, images.Width, pixels));
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), IdxBytes.Labels(images.Labels[..count].ToArray()));
    }
}
