using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Experiments;

/// <summary>The models of an experiment, as the user names them.</summary>
internal static partial class ModelList
{
    private const int LongestFolderText = 60;
    private const int HashDigits = 8, VariantHashDigits = 12;

    /// <summary>Divides a list at its commas, but not at those in the parentheses of a layer.</summary>
    /// <param name="text">E.g. <c>Abs, linear(64) > relu > linear(10, bias: false)</c>.</param>
    /// <exception cref="InputException">A name is missing.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        string[] names = DividedText.At(',', text);
        if (names.Contains(""))
        {
            throw new InputException(
                $"{Settings.Models} {text}: expected names or layers with one comma between two, e.g. Abs,ReLU2-Neg");
        }
        return names;
    }

    /// <summary>Finds the network of each model.</summary>
    /// <param name="names">Names from <see cref="PaperModels.All"/>, or layers.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="form">The form of OffsetL2 where the model does not say.</param>
    /// <returns>The models, each once. Layers that are a model of the paper get its name.</returns>
    /// <exception cref="InputException">A text names no model.</exception>
    public static IReadOnlyList<ExperimentModel> Resolve(IEnumerable<string> names, int classes, OffsetL2Form form) =>
        [.. names.Select(name => Describe(PaperModels.Resolve(name, classes, form), classes, form))
            .DistinctBy(model => model.Network)];

    private static ExperimentModel Describe(Network network, int classes, OffsetL2Form form)
    {
        string text = network.ToString();
        string? name = PaperModels.NameOf(network, classes, form);
        return new ExperimentModel(name ?? text, name ?? FolderOf(text), text);
    }

    /// <summary>
    /// A name that every file system takes: the letters and digits of the layers, and a hash, because different layers can
    /// have the same ones.
    /// </summary>
    internal static string FolderOf(string network) => FolderOf(network, network, HashDigits);

    /// <summary>The same for a variant, of which there may be thousands.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="identity">What tells it apart.</param>
    internal static string FolderOf(string name, string identity) => FolderOf(name, identity, VariantHashDigits);

    private static string FolderOf(string text, string identity, int digits)
    {
        string readable = Separators().Replace(text, "-").Trim('-');
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..digits];
        return $"{readable[..Math.Min(readable.Length, LongestFolderText)].TrimEnd('-')}-{hash}";
    }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex Separators();
}
