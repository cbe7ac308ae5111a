using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Training.Analysis.Figures;

/// <summary>The names of the figures' files: lower case, and in letters that every file system and URL takes.</summary>
internal static class FigureNames
{
    /// <summary>The name of a figure of all models, e.g. <c>activity-test</c>.</summary>
    public static string Of(string figure, Split split) => $"{figure}-{NameOf(split)}";

    /// <summary>The name of a figure of one model, e.g. <c>prototypes-abs-l2-neg</c>.</summary>
    public static string Of(string figure, ModelAnalysis model) => $"{figure}-{FolderOf(model).ToLowerInvariant()}";

    /// <summary>A split as texts name it: "training" or "test".</summary>
    public static string InWords(Split split) => split == Split.Train ? "training" : "test";

    private static string NameOf(Split split) => split == Split.Train ? "train" : "test";

    private static string FolderOf(ModelAnalysis model) =>
        model.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? model.Name
            : ModelList.FolderOf(model.Name);
}
