#pragma warning disable CA1812, CA1822, CA1823, CS0169, IDE0044, IDE0051 // Nobody calls what is here; it is read.

namespace IlgpuDistance.Cli.Tests.Architecture;

/// <summary>Uses a type in each way that <see cref="TypeUses"/> has to find.</summary>
internal sealed class TheUser : TheBase, TheInterface
{
    private readonly TheField? _field;

    private void Take(TheParameter parameter, List<TheArgument[]> arguments) => _ = (parameter, arguments);

    [TheAttribute]
    private void Call() => TheCallee.Call(TheConstant.Value);

    private void Constrain<T>() where T : TheConstraint => _ = new TheElement[typeof(T).Name.Length];

    private Type Catch()
    {
        try
        {
            return typeof(TheToken);
        }
        catch (TheException)
        {
            return typeof(int);
        }
    }

    private Func<object> Close(int n) => () => n > 0 ? new TheLambda() : "";

    private IEnumerable<object> Iterate()
    {
        yield return new TheYield();
    }
}

internal class TheBase;

internal interface TheInterface;

internal sealed class TheField;

internal sealed class TheParameter;

internal sealed class TheArgument;

[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheAttribute : Attribute;

internal static class TheCallee
{
    public static void Call(int value) => _ = value;
}

internal interface TheConstraint;

internal struct TheElement;

internal sealed class TheException : Exception;

internal sealed class TheToken;

internal sealed class TheLambda;

internal sealed class TheYield;

/// <summary>Compilers copy constants.</summary>
internal static class TheConstant
{
    public const int Value = 3;
}
