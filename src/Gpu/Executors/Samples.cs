using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>
/// Samples in host memory, as bytes or as floats, to train on or (then labels can be left out) to predict. The network sees x =
/// scale · value + shift, applied where the first layer reads a value, so that one buffer of bytes serves every scaling of the
/// input. Values and labels must not change while the samples are on a device: executors share what they make of them.
/// </summary>
public sealed class Samples
{
    // The row of the stored values that each sample has; null where it is the sample's own number.
    private readonly int[]? _rows;

    // The values in the order of the samples where they are not stored so, made when somebody asks for them.
    private readonly Lazy<byte[]> _orderedBytes;
    private readonly Lazy<float[]> _orderedFloats;

    /// <summary>Number of samples, at least 1.</summary>
    public int Count { get; }

    /// <summary>Values per sample, at least 1.</summary>
    public int Width { get; }

    /// <summary>The values as bytes: [Count, Width] row-major; empty where they are floats.</summary>
    public ReadOnlyMemory<byte> Bytes => _rows is null || !IsBytes ? StoredBytes : _orderedBytes.Value;

    /// <summary>The values as floats: [Count, Width] row-major; empty where they are bytes.</summary>
    public ReadOnlyMemory<float> Floats => _rows is null || IsBytes ? StoredFloats : _orderedFloats.Value;

    /// <summary>The class of each sample: [Count]; all 0 where <see cref="HasLabels"/> is false.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>
    /// Whether it is known of which class the samples are; else nothing can be trained on or compared with them.
    /// </summary>
    public bool HasLabels { get; }

    /// <summary>The factor in x = scale · value + shift.</summary>
    public float Scale { get; }

    /// <summary>The summand in x = scale · value + shift.</summary>
    public float Shift { get; }

    /// <summary>Whether the values are bytes.</summary>
    public bool IsBytes => !StoredBytes.IsEmpty;

    /// <summary>The values as they are stored, in rows that <see cref="RowOf"/> tells; empty where they are floats.</summary>
    internal ReadOnlyMemory<byte> StoredBytes { get; }

    /// <summary>The values as they are stored, in rows that <see cref="RowOf"/> tells; empty where they are bytes.</summary>
    internal ReadOnlyMemory<float> StoredFloats { get; }

    /// <summary>Samples of bytes.</summary>
    /// <param name="values">[count, width] row-major.</param>
    /// <param name="labels">[count].</param>
    /// <param name="width">Values per sample, at least 1.</param>
    /// <param name="scale">The factor in x = scale · value + shift.</param>
    /// <param name="shift">The summand in x = scale · value + shift.</param>
    /// <exception cref="ArgumentException">There is no sample, the lengths do not agree, or a number is not finite.</exception>
    public Samples(ReadOnlyMemory<byte> values, ReadOnlyMemory<byte> labels, int width, float scale = 1, float shift = 0)
        : this(labels, width, values.Length, scale, shift) => StoredBytes = values;

    /// <summary>Samples of floats.</summary>
    /// <inheritdoc cref="Samples(ReadOnlyMemory{byte}, ReadOnlyMemory{byte}, int, float, float)"/>
    public Samples(ReadOnlyMemory<float> values, ReadOnlyMemory<byte> labels, int width, float scale = 1, float shift = 0)
        : this(labels, width, values.Length, scale, shift)
    {
        int bad = values.Span.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"value {bad % width} of sample {bad / width} is {values.Span[bad]}; all values must be finite", nameof(values));
        }

        StoredFloats = values;
    }

    /// <summary>Samples of bytes without labels, to predict.</summary>
    /// <inheritdoc cref="Samples(ReadOnlyMemory{byte}, ReadOnlyMemory{byte}, int, float, float)"/>
    public Samples(ReadOnlyMemory<byte> values, int width, float scale = 1, float shift = 0)
        : this(values, NoLabels(values.Length, width), width, scale, shift) => HasLabels = false;

    /// <summary>Samples of floats without labels, to predict.</summary>
    /// <inheritdoc cref="Samples(ReadOnlyMemory{byte}, ReadOnlyMemory{byte}, int, float, float)"/>
    public Samples(ReadOnlyMemory<float> values, int width, float scale = 1, float shift = 0)
        : this(values, NoLabels(values.Length, width), width, scale, shift) => HasLabels = false;

    private Samples(Samples stored, int[] order)
        : this(Gathered(stored.Labels.Span, order, 1), stored.Width, order.Length * stored.Width, stored.Scale, stored.Shift)
    {
        HasLabels = stored.HasLabels;
        StoredBytes = stored.StoredBytes;
        StoredFloats = stored.StoredFloats;
        _rows = [.. order.Select(stored.RowOf)];
    }

    private Samples(ReadOnlyMemory<byte> labels, int width, int valueCount, float scale, float shift)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (valueCount == 0)
            throw new ArgumentException("there are no values; at least one sample is needed");
        if (labels.IsEmpty)
            throw new ArgumentException("there are no labels; each sample needs one", nameof(labels));
        if ((long)labels.Length * width != valueCount)
        {
            throw new ArgumentException(
                $"{labels.Length} samples of {width} values need {(long)labels.Length * width} values, found {valueCount}");
        }

        if (!float.IsFinite(scale) || !float.IsFinite(shift))
            throw new ArgumentException($"scale {scale} and shift {shift}: expected finite numbers", nameof(scale));
        Count = labels.Length;
        Width = width;
        Labels = labels;
        HasLabels = true;
        Scale = scale;
        Shift = shift;
        _orderedBytes = new Lazy<byte[]>(() => Gathered(StoredBytes.Span, _rows!, Width));
        _orderedFloats = new Lazy<float[]>(() => Gathered(StoredFloats.Span, _rows!, Width));
    }

    /// <summary>Zeros for as many samples as the values begin.</summary>
    private static byte[] NoLabels(int valueCount, int width) =>
        new byte[width < 1 ? 0 : (int)(((long)valueCount + width - 1) / width)];

    /// <summary>The row of the stored values that a sample has.</summary>
    internal int RowOf(int sample) => _rows is null ? sample : _rows[sample];

    /// <summary>The same samples in another order, without a copy of their values.</summary>
    /// <param name="order">Which sample is at each position; each exactly once.</param>
    internal Samples InOrder(int[] order) => new(this, order);

    /// <summary>Checks that the samples have labels.</summary>
    /// <exception cref="ArgumentException">They have none.</exception>
    internal void CheckLabels()
    {
        if (!HasLabels)
        {
            throw new ArgumentException(
                "the samples have no labels: their logits can be computed, but no loss, accuracy or gradient");
        }
    }

    private static T[] Gathered<T>(ReadOnlySpan<T> rows, int[] order, int width)
    {
        var gathered = new T[order.Length * width];
        for (int i = 0; i < order.Length; i++)
            rows.Slice(order[i] * width, width).CopyTo(gathered.AsSpan(i * width));
        return gathered;
    }

    /// <summary>Checks that a plan can be run on the samples.</summary>
    /// <exception cref="ArgumentException">The width or a label does not fit the plan.</exception>
    internal void CheckFits(NetworkPlan plan)
    {
        if (Width != plan.Inputs)
            throw new ArgumentException($"samples of {Width} values do not fit a network with {plan.Inputs} inputs");
        int bad = plan.Classes > byte.MaxValue ? -1 : Labels.Span.IndexOfAnyInRange((byte)plan.Classes, byte.MaxValue);
        if (bad >= 0)
            throw new ArgumentException($"sample {bad} has label {Labels.Span[bad]}, the network has {plan.Classes} classes");
    }
}
