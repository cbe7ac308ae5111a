using System.Collections.Concurrent;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Data;

/// <summary>Labelled grey images of one size, as bytes.</summary>
public sealed class ImageSet
{
    private readonly ConcurrentDictionary<PixelScaling, Samples> _samples = new();

    /// <summary>The grey values, 0 to 255: [Count, Height · Width] row-major.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>The class of each image: [Count].</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>Number of images, at least 1.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows of an image, at least 1.</summary>
    public int Height { get; }

    /// <summary>Columns of an image, at least 1.</summary>
    public int Width { get; }

    /// <summary>Pixels of an image: Height · Width.</summary>
    public int PixelsPerImage => Height * Width;

    /// <summary>Labelled images.</summary>
    /// <param name="pixels">[count, height · width] row-major.</param>
    /// <param name="labels">[count].</param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <exception cref="ArgumentException">There is no image, or the lengths do not agree.</exception>
    public ImageSet(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (labels.IsEmpty)
            throw new ArgumentException("at least one image is needed", nameof(labels));
        if ((Int128)labels.Length * height * width != pixels.Length)
        {
            throw new ArgumentException(
                $"{labels.Length} images of {height}×{width} do not have {pixels.Length} pixels", nameof(pixels));
        }

        Pixels = pixels;
        Labels = labels;
        Height = height;
        Width = width;
    }

    /// <summary>How often each class occurs: [<paramref name="classes"/>].</summary>
    /// <param name="classes">Number of classes, above every label.</param>
    public int[] CountPerClass(int classes)
    {
        var counts = new int[classes];
        foreach (byte label in Labels.Span)
            counts[label]++;
        return counts;
    }

    /// <summary>The same images with rows and columns swapped.</summary>
    public ImageSet Transposed()
    {
        byte[] pixels = HostMemory.Allocate<byte>(Pixels.Length, "images to be transposed", MemoryRemedy.LessData);
        ReadOnlySpan<byte> from = Pixels.Span;
        for (int to = 0; to < pixels.Length; to++)
        {
            int image = to / PixelsPerImage, place = to % PixelsPerImage;
            pixels[to] = from[image * PixelsPerImage + place % Height * Width + place / Height];
        }
        return new ImageSet(pixels, Labels, Width, Height);
    }

    /// <summary>
    /// The images as samples of a network, without a copy of their pixels. It is the same object for the same scaling: what an
    /// executor makes of samples is shared with others that take the same object.
    /// </summary>
    /// <param name="scaling">What the network sees of a pixel.</param>
    public Samples ToSamples(PixelScaling scaling) => _samples.GetOrAdd(
        scaling, chosen => new Samples(Pixels, Labels, PixelsPerImage, chosen.Scale, chosen.Shift));
}
