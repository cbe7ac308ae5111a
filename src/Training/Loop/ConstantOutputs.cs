using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// Outputs of a network that are the same for every image: a layer before them has died, as ReLU does after a step that was
/// too large. Their loss is finite and looks like that of a training; only the outputs themselves tell.
/// </summary>
internal static class ConstantOutputs
{
    /// <summary>Finds them.</summary>
    /// <param name="logits">[samples, classes] row-major.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The classes whose outputs have the same bits for all samples; none where there is only one sample.</returns>
    public static IReadOnlyList<int> Find(ReadOnlySpan<float> logits, int classes)
    {
        if (logits.Length <= classes)
            return [];
        bool[] varies = new bool[classes];
        for (int i = classes; i < logits.Length; i++)
            varies[i % classes] |= logits[i] != logits[i % classes];
        return [.. Enumerable.Range(0, classes).Where(c => !varies[c])];
    }

    /// <summary>Says in a sentence what it means; null where there are none.</summary>
    /// <param name="constant">From <see cref="Find"/>.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="split">The images whose outputs they are.</param>
    public static string? InWords(IReadOnlyList<int> constant, int classes, Split split = Split.Test)
    {
        string images = split == Split.Train ? "training images" : "test images";
        if (constant.Count == 0)
            return null;
        if (constant.Count == classes)
            return $"the network is dead: its outputs are the same for all {images}";
        string names = constant.Count == 1
            ? $"{constant[0]} is"
            : $"{string.Join(", ", constant.SkipLast(1))} and {constant[^1]} are";
        return $"a part of the network is dead: of its outputs 0 to {classes - 1}, {names} the same for all {images}";
    }
}
