using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Data;

/// <summary>How many classes there are, and what is odd about them.</summary>
/// <param name="Classes">The number, above every label and at least 2.</param>
/// <param name="Warnings">What the user should know; one sentence each.</param>
internal sealed record ClassCount(int Classes, IReadOnlyList<string> Warnings)
{
    private const int Fewest = 2, Most = byte.MaxValue + 1;

    /// <summary>Finds the number of classes.</summary>
    /// <param name="train">The training labels.</param>
    /// <param name="test">The test labels.</param>
    /// <param name="asked">The number that the user says, or null: then it is the largest training label + 1.</param>
    /// <exception cref="InputException">
    /// A label is too large; or it is so large that more than half of the classes would have no training image, and nobody said
    /// that there are so many.
    /// </exception>
    public static ClassCount Of(LabelledFile train, LabelledFile test, int? asked = null)
    {
        Check(asked);
        var images = new int[Most];
        foreach (byte label in train.Labels.Span)
            images[label]++;
        int largest = Array.FindLastIndex(images, count => count > 0);
        int classes = asked ?? Math.Max(Fewest, largest + 1);

        Wording tooMany =
            $"{Settings.Classes} {asked} allows none above {classes - 1}; correct the label, or give a larger number";
        CheckLabels(train, classes, tooMany);
        CheckLabels(test, classes, asked is null
            ? $"the training labels end at {classes - 1}; take all four files from one data set, " +
                $"or say{Hint.With(Settings.Classes)} how many classes there are"
            : tooMany);

        int[] empty = [.. Enumerable.Range(0, classes).Where(label => images[label] == 0)];
        if (empty.Length == 0)
            return new ClassCount(classes, []);
        string position = $"label {largest} of image {train.Labels.Span.IndexOf((byte)largest)}";
        if (asked is null && 2 * empty.Length > classes)
        {
            throw new InputException(
                $"{train.Path}: {position} would make {classes} classes, of which {empty.Length} have no training image; " +
                $"correct the label, or say{Hint.With(Settings.Classes)} how many classes there are");
        }
        // A gap may come from one damaged label, the largest; where the labels only begin late it does not.
        bool hasGap = empty.Any(label => label > Array.FindIndex(images, count => count > 0) && label < largest);
        return new ClassCount(classes,
            [$"No training image is of class " +
                $"{InWords(empty)}{(hasGap ? $"; the largest label is {position} in {train.Path}" : "")}."]);
    }

    /// <summary>Checks a number that the user says, as far as that goes without labels.</summary>
    /// <exception cref="InputException">No data has so many classes.</exception>
    public static void Check(int? asked)
    {
        if (asked is < Fewest or > Most)
            throw new InputException($"{Settings.Classes} {asked}: expected {Fewest} to {Most}");
    }

    private static void CheckLabels(LabelledFile file, int classes, Wording expected)
    {
        int position = file.Labels.Span.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (position >= 0)
            throw new InputException($"{file.Path}: label {file.Labels.Span[position]} of image {position} where {expected}");
    }

    /// <summary>Numbers as "3", "3 or 4" or "0, 3 to 7 or 9": a run of three or more is named by its ends.</summary>
    private static string InWords(int[] numbers)
    {
        var parts = new List<string>();
        for (int i = 0; i < numbers.Length;)
        {
            int end = i;
            while (end + 1 < numbers.Length && numbers[end + 1] == numbers[end] + 1)
                end++;
            if (end - i < 2)
                end = i;
            parts.Add(end == i ? $"{numbers[i]}" : $"{numbers[i]} to {numbers[end]}");
            i = end + 1;
        }
        return parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts.SkipLast(1))} or {parts[^1]}";
    }
}
