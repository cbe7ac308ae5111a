using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// What a record expects of its values when it is read from a file. Each method throws a <see cref="JsonException"/> that says
/// what was found and expected; <see cref="JsonFile"/> adds the file, the place in it and what to do.
/// </summary>
internal static class Expect
{
    /// <summary>Something holds; the sentence says what does not.</summary>
    public static void That(bool holds, string sentence)
    {
        if (!holds)
            throw new JsonException(sentence);
    }

    /// <summary>A record in this one is valid, where it is there.</summary>
    public static void Valid(IChecked? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        try
        {
            value?.Check();
        }
        catch (JsonException error)
        {
            throw new JsonException($"{NameOf(name)}: {error.Message}", error);
        }
    }

    /// <summary>Each record of a list in this one is valid.</summary>
    public static void Valid(IReadOnlyList<IChecked> values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        for (int i = 0; i < values.Count; i++)
            Valid(values[i], $"{NameOf(name)}[{i}]");
    }

    /// <summary>A whole number lies in a range.</summary>
    public static void InRange(
        long value, long smallest, long largest = int.MaxValue, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < smallest || value > largest)
            throw Wrong(name, value, $"a whole number from {smallest}{(largest == int.MaxValue ? "" : $" to {largest}")}");
    }

    /// <summary>A number is finite and lies in a range.</summary>
    public static void InRange(
        double value, double smallest, double largest, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!double.IsFinite(value) || value < smallest || value > largest)
        {
            string range = largest == double.MaxValue ? $"from {Text(smallest)}" : $"from {Text(smallest)} to {Text(largest)}";
            throw Wrong(name, value, $"a number {range}");
        }
    }

    /// <summary>A number is finite.</summary>
    public static void Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!double.IsFinite(value))
            throw Wrong(name, value, "a finite number");
    }

    /// <summary>Every number is finite, or not a number, which stands for "does not exist".</summary>
    public static void NoInfinity<T>(ReadOnlySpan<T> values, [CallerArgumentExpression(nameof(values))] string name = "")
        where T : IFloatingPoint<T>
    {
        foreach (T value in values)
        {
            if (T.IsInfinity(value))
                throw new JsonException($"{NameOf(name)} holds an infinite number");
        }
    }

    /// <summary>Every count lies in a range.</summary>
    public static void Counts(ReadOnlySpan<int> values, int largest, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        foreach (int value in values)
        {
            if (value < 0 || value > largest)
                throw new JsonException($"{NameOf(name)} holds {value}; expected numbers from 0 to {largest}");
        }
    }

    /// <summary>A list has a certain length, or any but none.</summary>
    public static void Length(int count, int? expected = null, [CallerArgumentExpression(nameof(count))] string name = "")
    {
        if (expected is null ? count == 0 : count != expected)
            throw Wrong(name, count, expected is null ? "1 or more" : $"{expected}");
    }

    /// <summary>Text is the name of something: it begins with a letter or digit, and all of it is seen.</summary>
    public static void Name(string text, [CallerArgumentExpression(nameof(text))] string name = "")
    {
        if (text.Length == 0 || !char.IsLetterOrDigit(text[0]) || VisibleText.OneLine(text) != text)
            throw Wrong(name, $"\"{text}\"", "text that begins with a letter or digit and has no control characters");
    }

    /// <summary>Text is a hash in lower-case hexadecimal.</summary>
    public static void Hash(string? text, int bytes, string name)
    {
        if (text?.Length != 2 * bytes || !text.All(char.IsAsciiHexDigitLower))
            throw Wrong(name, text is null ? "null" : $"\"{text}\"", $"{2 * bytes} hexadecimal digits");
    }

    /// <summary>Every file has an MD5.</summary>
    public static void Md5(IReadOnlyDictionary<string, string> hashes)
    {
        foreach (var (file, hash) in hashes)
            Hash(hash, MD5.HashSizeInBytes, $"the MD5 of {file}");
    }

    /// <summary>Text is a network that fits the width of images and the number of classes.</summary>
    public static NetworkPlan Network(string text, int inputs, int classes)
    {
        try
        {
            return NetworkPlan.Compile(Gpu.Networks.Network.Parse(text), inputs, classes);
        }
        catch (InputException error)
        {
            throw new JsonException(
                $"\"{text}\" is no network for {inputs} inputs and {classes} classes: {error.Message}", error);
        }
    }

    /// <summary>What a check of values that users give says of them.</summary>
    public static void Usable(Action check)
    {
        try
        {
            check();
        }
        catch (InputException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    private static JsonException Wrong(string expression, object found, string expected) =>
        new($"{NameOf(expression)} is {Text(found)}; expected {expected}");

    /// <summary>The name in the file of what an expression names: of <c>Layer.Index</c> it is <c>layer.index</c>.</summary>
    private static string NameOf(string expression) => string.Join(
        '.', expression.Replace("!", "", StringComparison.Ordinal).Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
