using System.Globalization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Models;

/// <summary>What a saved model says about itself: all that is needed to use it besides its parameters.</summary>
public sealed record ModelDescription
{
    /// <summary>The network, as <see cref="Gpu.Networks.Network.Parse"/> reads it.</summary>
    public required string Model { get; init; }

    /// <summary>Width of the input.</summary>
    public required int Inputs { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The data set on which it was trained.</summary>
    public required string DataSet { get; init; }

    /// <summary>The name of the input's scaling.</summary>
    public required string InputScale { get; init; }

    /// <summary>The factor in x = scale · value + shift.</summary>
    public required float Scale { get; init; }

    /// <summary>The summand in x = scale · value + shift.</summary>
    public required float Shift { get; init; }

    /// <summary>The description as the metadata of a safetensors file.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        ["model"] = Model,
        ["inputs"] = Inputs.ToString(CultureInfo.InvariantCulture),
        ["classes"] = Classes.ToString(CultureInfo.InvariantCulture),
        ["dataset"] = DataSet,
        ["input_scale"] = InputScale,
        ["scale"] = Scale.ToString("R", CultureInfo.InvariantCulture),
        ["shift"] = Shift.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Reads the description, or null where the metadata name no model, as in files that PyTorch wrote.</summary>
    /// <param name="metadata">The metadata of a safetensors file.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="InputException">The metadata name a model but are incomplete or wrong.</exception>
    public static ModelDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue("model", out string? model))
            return null;

        string Text(string key) => metadata.TryGetValue(key, out string? text)
            ? text
            : throw new InputException($"{source}: the metadata name a model but have no {key}; save the model again");
        int Whole(string key, int smallest) =>
            int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= smallest
                ? value
                : throw new InputException(
                    $"{source}: metadata: {key} is \"{Text(key)}\"; expected a whole number from {smallest}");
        float Number(string key) =>
            float.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
                ? value
                : throw new InputException($"{source}: metadata: {key} is \"{Text(key)}\"; expected a finite number");

        return new ModelDescription
        {
            Model = model,
            Inputs = Whole("inputs", 1),
            Classes = Whole("classes", 2),
            DataSet = Text("dataset"),
            InputScale = Text("input_scale"),
            Scale = Number("scale"),
            Shift = Number("shift"),
        };
    }
}
